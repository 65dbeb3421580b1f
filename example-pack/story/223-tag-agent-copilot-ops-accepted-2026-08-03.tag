# 2026-08-03 10:25
tag agent-copilot/ops-accepted/2026-08-03
from :222
tagger Priya Raman <priya.raman@larkfield.example> 1785749100 +0100
data <<END_OF_MESSAGE
Operations accept the agent copilot

Oskar Lindqvist for those who are called, Priya Raman for the service. Two conditions, in TRN-1.
END_OF_MESSAGE

