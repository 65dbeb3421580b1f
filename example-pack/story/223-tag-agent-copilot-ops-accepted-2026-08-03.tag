# 2026-08-03 10:25
tag agent-copilot/ops-accepted/2026-08-03
from :222
tagger Priya Raman <priya.raman@larkfield.example> 1785749100 +0100
data <<END_OF_MESSAGE
Operations accept the agent copilot

Oskar Lindqvist for those who are called, Priya Raman for the service. Two conditions, in TRN-1.
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgZtZszAFYo/Vo2SMkJ+y2k5TeSk
Cs7VDnBVkQKFGBn7YAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQL500eJxxBsbDjYC8lDNqpHSNi/MZ9EzE2BOaXg+TgTFQXPUjMKw1fzUtIdpp8tSo8
ibJbAyFy7IixRqJe5OMQk=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

