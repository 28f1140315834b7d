"""Events of Amazon SES, as Amazon SNS delivers them over HTTP. Mail leaves through `type: smtp, preset: ses`.

```python
app = WebhookApp(SesWebhook("arn:aws:sns:eu-west-1:123456789012:mail-events"), sink)
```
"""

from __future__ import annotations

from notify_ses.webhook import SesWebhook

__all__ = ["SesWebhook"]
