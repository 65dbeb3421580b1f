# 2026-06-12 11:35
tag agent-copilot/risk/RSK-008
from :138
tagger Priya Raman <priya.raman@larkfield.example> 1781260500 +0100
data <<END_OF_MESSAGE
Accept RSK-008 until the desk is larger

Signed, as risks are accepted here.

Decision: DEC-009 approved
Approved-by: Priya Raman <priya.raman@larkfield.example>
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgZtZszAFYo/Vo2SMkJ+y2k5TeSk
Cs7VDnBVkQKFGBn7YAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQNY9ai48WMvnfj34NdeBSF1B2sMl1NaSHe0nV/6N11/L6UY4RlDF8tRLo2qZWvFIIH
g0XUCe37tBvwO0l5YsWg0=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

