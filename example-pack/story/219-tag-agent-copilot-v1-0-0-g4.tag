# 2026-07-31 15:10
tag agent-copilot/v1.0.0-G4
from :218
tagger Priya Raman <priya.raman@larkfield.example> 1785507000 +0100
data <<END_OF_MESSAGE
G4 passed: hardening exit

Decided in DEC-011. One waiver: WVR-002 until 14 August.
END_OF_MESSAGE

