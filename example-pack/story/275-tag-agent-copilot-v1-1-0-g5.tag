# 2026-10-16 15:00
tag agent-copilot/v1.1.0-G5
from :274
tagger Ingrid Solheim <ingrid.solheim@larkfield.example> 1792159200 +0100
data <<END_OF_MESSAGE
G5 passed: the copilot is an ordinary service

Decided in DEC-015. Benefits of the first month: 97 % of the plan.
END_OF_MESSAGE

