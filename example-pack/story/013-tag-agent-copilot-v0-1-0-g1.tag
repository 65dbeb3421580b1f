# 2026-01-23 16:05
tag agent-copilot/v0.1.0-G1
from :12
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1769184300 +0000
data <<END_OF_MESSAGE
G1 passed: idea review

Decided in DEC-001.
END_OF_MESSAGE

