# 2026-08-07 14:05
tag agent-copilot/go/25-percent
from :229
tagger Priya Raman <priya.raman@larkfield.example> 1786107900 +0100
data <<END_OF_MESSAGE
Go for 25 percent

Signed, as every go is.

Decision: DEC-012 approved
Approved-by: Priya Raman <priya.raman@larkfield.example>
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgZtZszAFYo/Vo2SMkJ+y2k5TeSk
Cs7VDnBVkQKFGBn7YAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQESPHlIxNrkkXpOrNRcjIlxiBjmv/9BS85CVTkuBrmEEZP8xt466m1ue3Lp81bzfa0
c2aA0pJCPqngSRrCHWEQs=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

