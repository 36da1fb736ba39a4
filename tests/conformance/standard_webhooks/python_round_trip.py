"""Signs or verifies with the independent Python implementation; one JSON request on stdin, one answer on stdout."""
import json
import sys
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

request = json.load(sys.stdin)
webhook = Webhook(request["secret"])
if request["do"] == "sign":
    sent = datetime.fromtimestamp(request["timestamp"], tz=timezone.utc)
    print(webhook.sign(request["id"], sent, request["body"]))
else:
    headers = {
        "webhook-id": request["id"],
        "webhook-timestamp": str(request["timestamp"]),
        "webhook-signature": request["signature"],
    }
    try:
        webhook.verify(request["body"], headers)
        print("accepted")
    except WebhookVerificationError:
        print("refused")
