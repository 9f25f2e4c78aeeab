"""Validates SNS's messages, one a line of the file, with sns-message-validator from PyPI."""

import json
import sys

from sns_message_validator import SNSMessageValidator
from sns_message_validator.exceptions import SignatureVerificationFailureException

validators = {
    # It knows no other version.
    "1": SNSMessageValidator(cert_url_regex=r"^https://localhost:\d+/", signature_version="1"),
}
valid = 0
for line in open(sys.argv[1], encoding="utf-8"):
    message = json.loads(line)
    validator = validators.get(message["SignatureVersion"])
    if validator is None:
        continue
    validator.validate_message(message)
    try:
        validator.validate_message({**message, "Message": message["Message"] + "!"})
        sys.exit(f"a forged message counts as valid: {message}")
    except SignatureVerificationFailureException:
        valid += 1
assert valid > 3, f"only {valid} messages"
print(f"{valid} messages are valid, and forged ones are not")
