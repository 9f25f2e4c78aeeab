import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;

import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;
import software.amazon.event.ruler.MachineComplexityEvaluator;

/**
 * What AWS's event-ruler says: reads a pattern and an event a line, with a tab between, and writes
 * a line for each: "match", "no match", or "error" and the reason.
 */
public final class Verdicts {
    /** What EventBridge takes, as far as is known; event-ruler itself has no limit. */
    private static final int COMPLEXITY_MAX = 10;

    private Verdicts() {
    }

    public static void main(String[] arguments) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            int tab = line.indexOf('\t');
            out.write(verdict(line.substring(0, tab), line.substring(tab + 1)));
            out.write('\n');
        }
        out.flush();
    }

    private static String verdict(String pattern, String event) {
        var machine = new Machine();
        // The compiler that knows $or, and has EventBridge's words.
        String refused = JsonRuleCompiler.check(pattern);
        if (refused != null) {
            return "error " + firstLine(refused);
        }
        try {
            machine.addRule("rule", pattern);
        } catch (Exception | StackOverflowError unexpected) {
            return "error in the machine: " + firstLine(unexpected.getMessage());
        }
        var evaluator = new MachineComplexityEvaluator(COMPLEXITY_MAX + 1);
        if (machine.evaluateComplexity(evaluator) > COMPLEXITY_MAX) {
            return "error Rule is too complex - try using fewer wildcard characters or fewer"
                    + " repeating character sequences after a wildcard character";
        }
        try {
            return machine.rulesForJSONEvent(event).isEmpty() ? "no match" : "match";
        } catch (Exception | StackOverflowError unexpected) {
            return "error in the event: " + firstLine(unexpected.getMessage());
        }
    }

    private static String firstLine(String message) {
        return String.valueOf(message).split("\n", 2)[0];
    }
}
