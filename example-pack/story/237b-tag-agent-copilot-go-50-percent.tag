# 2026-08-21 14:25
tag agent-copilot/go/50-percent
from :237
tagger Priya Raman <priya.raman@larkfield.example> 1787318700 +0100
data <<END_OF_MESSAGE
Go for 50 percent from Monday

Signed, as every go is.

Decision: DEC-013 approved
Approved-by: Priya Raman <priya.raman@larkfield.example>
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgZtZszAFYo/Vo2SMkJ+y2k5TeSk
Cs7VDnBVkQKFGBn7YAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQNrmdVo5fKDG0o7Z+GXSMvuRzQnx2JqcUZfjVYqRBWzOmwc1/aK9dyAQKkhgxcMMBY
T7JMf2GxofcfsPa3yHQQc=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

