# 2026-04-10 17:10
tag agent-copilot/gate/D0
from :47
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1775837400 +0100
data <<END_OF_MESSAGE
D0: start the pilot on Monday

Decided in DEC-003. One waiver: WVR-001 until 15 May.
END_OF_MESSAGE

