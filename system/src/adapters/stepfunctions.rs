//! The state machines of Step Functions: executions are begun, and told what became of their tasks.

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::send_task_failure::SendTaskFailureError;
use aws_sdk_sfn::operation::send_task_success::SendTaskSuccessError;

use super::aws::Aws;
use crate::failure::{Dependency, Failure};

#[derive(Clone, Debug)]
pub struct StepFunctions {
    client: Client,
}

impl StepFunctions {
    pub fn new(aws: &Aws) -> Self {
        Self { client: aws.stepfunctions() }
    }

    /// Begins the execution of that name. Begun before, it stays what it is.
    pub async fn start(&self, machine_arn: &str, name: &str, input: &str) -> Result<(), Failure> {
        let call = self.client.start_execution().state_machine_arn(machine_arn).name(name);
        match call.input(input).send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_execution_already_exists()) =>
            {
                Ok(())
            }
            Err(error) => {
                Err(Failure::of_call(Dependency::StepFunctions, "StartExecution", &error))
            }
        }
    }

    /// Says that a task was done, with its result in JSON. `false` when nobody waits for it any
    /// more.
    pub async fn succeed(&self, token: &str, output: &str) -> Result<bool, Failure> {
        let call = self.client.send_task_success().task_token(token).output(output);
        let gone = |error: &SendTaskSuccessError| {
            error.is_task_timed_out() || error.is_task_does_not_exist() || error.is_invalid_token()
        };
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(gone) => Ok(false),
            Err(error) => {
                Err(Failure::of_call(Dependency::StepFunctions, "SendTaskSuccess", &error))
            }
        }
    }

    /// Says that a task will never be done. `false` when nobody waits for it any more.
    pub async fn fail(&self, token: &str, error: &str, cause: &str) -> Result<bool, Failure> {
        let call = self.client.send_task_failure().task_token(token).error(error).cause(cause);
        let gone = |error: &SendTaskFailureError| {
            error.is_task_timed_out() || error.is_task_does_not_exist() || error.is_invalid_token()
        };
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(gone) => Ok(false),
            Err(error) => {
                Err(Failure::of_call(Dependency::StepFunctions, "SendTaskFailure", &error))
            }
        }
    }
}
