"""Sends one event with the CloudEvents Python SDK; one JSON request on stdin, status and answer on stdout."""
import json
import sys
import urllib.error
import urllib.request

from cloudevents.conversion import to_structured
from cloudevents.http import CloudEvent

request = json.load(sys.stdin)
headers, body = to_structured(CloudEvent(request["attributes"], request["data"]))
call = urllib.request.Request(request["url"], data=body, headers={**headers, **request["headers"]}, method="POST")
try:
    with urllib.request.urlopen(call) as answer:
        print(json.dumps({"status": answer.status, "answer": json.load(answer)}))
except urllib.error.HTTPError as refused:
    print(json.dumps({"status": refused.code, "answer": json.load(refused)}))
