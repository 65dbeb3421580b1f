# 2026-06-24 14:40
tag agent-copilot/v0.3.0-G3
from :160
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1782308400 +0100
data <<END_OF_MESSAGE
G3 passed: scale after hardening

Decided in DEC-010, after DEC-008 had said: iterate.
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgHKehCHbkcPch7biNVDr5Mke5Ud
PZsGex6MWvYHbqCpEAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQBQrLoyGeiOL3eDAMi8L+nKtC/bQ8KcnqS+naGboyXUy89VeuUNCTwbFQfj0YkQW/Y
FyergjLsXVk/+Vn+5P3Q8=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

