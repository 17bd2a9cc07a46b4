import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.discoveryRequest;
import static org.junit.platform.launcher.core.LauncherExecutionRequestBuilder.executionRequest;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs simulations one after the other until one fails, and prints its name and the life in which it failed on the last
 * line. Exits with 1 if none fails. Arguments: the classes, each as NAME or NAME=ROUNDS.
 */
final class Simulations implements TestExecutionListener {
    private static final Pattern LIFE = Pattern.compile("in life (\\d+)");
    private static final int LONGEST_REASON = 4000;

    private final CancellationToken enough = CancellationToken.create();
    private Optional<String> found = Optional.empty();

    public static void main(String[] arguments) throws ClassNotFoundException {
        Simulations simulations = new Simulations();
        for (String argument : arguments) {
            String[] parts = argument.split("=");
            System.setProperty("runnel.rounds", parts.length > 1 ? parts[1] : "");
            simulations.run(Class.forName(parts[0]));
            if (simulations.found.isPresent()) {
                System.out.println(simulations.found.get());
                return;
            }
        }
        System.exit(1);
    }

    private void run(Class<?> simulation) {
        var discovery = discoveryRequest().selectors(selectClass(simulation)).build();
        LauncherFactory.create()
                .execute(executionRequest(discovery)
                        .listeners(this)
                        .cancellationToken(enough)
                        .build());
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() != Status.FAILED || found.isPresent()) {
            return;
        }
        String reason = String.valueOf(result.getThrowable().orElse(null));
        System.out.println(reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
        result.getThrowable().ifPresent(Throwable::printStackTrace);
        Matcher life = LIFE.matcher(reason);
        String name = test.getUniqueIdObject().getSegments().stream()
                .filter(segment -> !segment.getType().equals("engine"))
                .map(segment -> segment.getValue().replaceAll(".*\\.|\\(.*", ""))
                .reduce((outer, inner) -> outer + "." + inner)
                .orElse("");
        found = Optional.of(name + "\t" + (life.find() ? life.group(1) : "1"));
        enough.cancel();
    }
}
