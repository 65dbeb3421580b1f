# 2026-09-11 15:15
tag agent-copilot/go/100-percent
from :252
tagger Priya Raman <priya.raman@larkfield.example> 1789136100 +0100
data <<END_OF_MESSAGE
Go for 100 percent on Monday

Signed, as every go is.

Decision: DEC-014 approved
Approved-by: Priya Raman <priya.raman@larkfield.example>
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgZtZszAFYo/Vo2SMkJ+y2k5TeSk
Cs7VDnBVkQKFGBn7YAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQGIOtHlgkMuvetaTjR/aWTzGe8XkLefF4GOFvxacn2hg8jPz0m9B2BR8zq1Nj/t/3q
7+6qtNcbT55XOiK5iW4wo=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

