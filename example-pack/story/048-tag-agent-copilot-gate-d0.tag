# 2026-04-10 17:10
tag agent-copilot/gate/D0
from :47
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1775837400 +0100
data <<END_OF_MESSAGE
D0: start the pilot on Monday

Decided in DEC-003. One waiver: WVR-001 until 15 May.

Decision: DEC-003 approved
Approved-by: Ingrid Solheim <ingrid.solheim@larkfield.example>
-----BEGIN SSH SIGNATURE-----
U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAgHKehCHbkcPch7biNVDr5Mke5Ud
PZsGex6MWvYHbqCpEAAAADZ2l0AAAAAAAAAAZzaGE1MTIAAABTAAAAC3NzaC1lZDI1NTE5
AAAAQCGNERxGM4FBPiuR1hdDmcXk8lXCKPqjpA6ujiOlYvT5PleRT9XBuBmvwK1llOKbDA
cOJYgteh1RkbE81tkEgQY=
-----END SSH SIGNATURE-----
END_OF_MESSAGE

