"""Background work: knows threads and processes, no science and no Qt."""

from .engine import Engine, LaneName
from .inline import InlineEngine
from .jobs import CancelToken, Job, JobContext, JobState, Progress
from .lanes import Policy
from .mailbox import Mailbox

__all__ = [
    "CancelToken",
    "Engine",
    "InlineEngine",
    "Job",
    "JobContext",
    "JobState",
    "LaneName",
    "Mailbox",
    "Policy",
    "Progress",
]
