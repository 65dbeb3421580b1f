# 2026-10-16 15:00
tag agent-copilot/v1.1.0-G5
from :274
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1792159200 +0100
data <<END_OF_MESSAGE
G5 passed: the copilot is an ordinary service

Decided in DEC-015. Benefits of the first month: 97 % of the plan.
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgHKehCHbkcPch7biNVDr5Mke5Ud
PZsGex6MWvYHbqCpEAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQKMgb2yt1exjqld9n0noWmKX4R1I/f1+ks6PNksbBuM8hDGMtuLFA0pTj8q2FaTMAz
w7oIQovkJXgQ3UlBT/wQo=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

