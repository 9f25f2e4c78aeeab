// Validates SNS's messages, one a line of the file, with sns-validator from npm.
const fs = require('fs');
const MessageValidator = require('sns-validator');

const validator = new MessageValidator(/^localhost:\d+$/);
const validate = (message) =>
    new Promise((resolve) => validator.validate(message, (error) => resolve(error)));

async function main() {
    const lines = fs.readFileSync(process.argv[2], 'utf8').trim().split('\n');
    const versions = new Set();
    let valid = 0;
    for (const message of lines.map((line) => JSON.parse(line))) {
        // It leaves the token out of what ends a subscription, which AWS's guide does not.
        if (message.Type === 'UnsubscribeConfirmation') continue;
        const error = await validate(message);
        if (error) throw new Error(`${error.message}: ${JSON.stringify(message)}`);
        const forged = await validate({ ...message, Message: `${message.Message}!` });
        if (!forged) throw new Error('a forged message counts as valid');
        versions.add(message.SignatureVersion);
        valid += 1;
    }
    if (valid < 6 || versions.size !== 2) throw new Error(`only ${valid} messages`);
    console.log(`${valid} messages of both versions are valid, and forged ones are not`);
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
