# 2026-03-27 15:40
tag agent-copilot/v0.2.0-G2
from :32
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1774626000 +0000
data <<END_OF_MESSAGE
G2 passed with conditions

Decided in DEC-002. Conditions: ACT-001, ACT-002, ACT-003.
END_OF_MESSAGE

