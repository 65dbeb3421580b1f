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
AAAAQLBDlfO/AzrIJfeImUP0Va4GasQVC3ie3WoLW3RB7Ycq95TM6xl635o8qmokzn42DF
o4VvOheEgImW7IPlUFOAA=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

