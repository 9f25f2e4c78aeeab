//! librdkafka's errors as the port's: what may work later, what never will, and who is out.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::ports::StreamError;

/// `topic` and `bytes` are what the call was about, where it was about one record or topic.
pub(super) fn stream_error(error: &KafkaError, topic: &str, bytes: usize) -> StreamError {
    match code_of(error) {
        Some(code) => of_code(code, topic, bytes),
        None => StreamError::Refused(error.to_string()),
    }
}

pub(super) fn of_code(code: RDKafkaErrorCode, topic: &str, bytes: usize) -> StreamError {
    use RDKafkaErrorCode as Code;
    let text = code.to_string();
    match code {
        Code::MessageSizeTooLarge | Code::InvalidMessageSize | Code::MessageBatchTooLarge => {
            StreamError::TooLarge { topic: topic.to_owned(), bytes }
        }
        Code::UnknownTopicOrPartition
        | Code::UnknownTopic
        | Code::UnknownPartition
        | Code::InvalidTopic => StreamError::NoSuchTopic(topic.to_owned()),
        Code::IllegalGeneration
        | Code::UnknownMemberId
        | Code::FencedInstanceId
        | Code::Fenced
        | Code::AssignmentLost
        | Code::PollExceeded
        | Code::UnknownGroup => StreamError::Fenced(text),
        // After a fatal error the producer is made anew.
        Code::Fatal
        | Code::BrokerTransportFailure
        | Code::AllBrokersDown
        | Code::Resolve
        | Code::MessageTimedOut
        | Code::OperationTimedOut
        | Code::TimedOutQueue
        | Code::RequestTimedOut
        | Code::NetworkException
        | Code::BrokerNotAvailable
        | Code::ReplicaNotAvailable
        | Code::LeaderNotAvailable
        | Code::NotLeaderForPartition
        | Code::NotEnoughReplicas
        | Code::NotEnoughReplicasAfterAppend
        | Code::ISRInsufficient
        | Code::CoordinatorLoadInProgress
        | Code::CoordinatorNotAvailable
        | Code::NotCoordinator
        | Code::WaitingForCoordinator
        | Code::PurgeQueue
        | Code::PurgeInflight
        | Code::QueueFull
        // Who goes on with what is known only when it is over.
        | Code::RebalanceInProgress
        | Code::Retry => StreamError::Unreachable(text),
        _ => StreamError::Refused(text),
    }
}

fn code_of(error: &KafkaError) -> Option<RDKafkaErrorCode> {
    match error {
        KafkaError::AdminOp(code) => Some(*code),
        _ => error.rdkafka_error_code(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_by_what_can_be_done() {
        use RDKafkaErrorCode as Code;
        let check = |code: Code, expected: fn(&StreamError) -> bool| {
            let error = stream_error(&KafkaError::Global(code), "t", 7);
            assert!(expected(&error), "{code:?}: {error:?}");
        };
        check(Code::MessageSizeTooLarge, |it| matches!(it, StreamError::TooLarge { bytes: 7, .. }));
        check(Code::UnknownTopicOrPartition, |it| *it == StreamError::NoSuchTopic("t".to_owned()));
        check(Code::MessageTimedOut, |it| matches!(it, StreamError::Unreachable(_)));
        check(Code::IllegalGeneration, |it| matches!(it, StreamError::Fenced(_)));
        check(Code::TopicAuthorizationFailed, |it| matches!(it, StreamError::Refused(_)));
        let admin = KafkaError::AdminOp(Code::AllBrokersDown);
        assert!(matches!(stream_error(&admin, "", 0), StreamError::Unreachable(_)));
    }
}
