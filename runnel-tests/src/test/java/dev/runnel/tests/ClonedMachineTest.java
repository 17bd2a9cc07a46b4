package dev.runnel.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.sql.SqlFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine and its clone, each with the same local history, write in turn to one replica at S3. */
@Tag("slow")
class ClonedMachineTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int TURNS = 2;

    @TempDir
    Path folder;

    /** What a machine had when its run ended, and the TXID that it has at the replica. */
    private record Ended(long txid, List<String> orders) {}

    @Test
    void i54WhoeverReportsSuccessIsRestoredAndTheLastStateOfTheOtherStays() throws Exception {
        Path machine = Files.createDirectory(folder.resolve("machine"));
        try (Bucket bucket = new Bucket(machine.resolve("app.db"))) {
            write(machine, "before the clone");
            assertThat(once(bucket, machine)).doesNotContain("WARN");
            Path clone = copy(machine, folder.resolve("clone"));

            write(clone, "first of the clone");
            assertThat(once(bucket, clone)).doesNotContain("WARN");
            Ended before = ended(bucket, clone);
            for (int turn = 0; turn < TURNS; turn++) {
                Path writing = turn % 2 == 0 ? machine : clone;
                write(writing, "in turn " + turn);

                assertThat(once(bucket, writing)).containsPattern("WARN.*database does not match");

                Ended now = ended(bucket, writing);
                assertThat(ordersAt(bucket, now.txid)).isEqualTo(now.orders);
                assertThat(ordersAt(bucket, before.txid)).isEqualTo(before.orders);
                before = now;
            }
        }
    }

    private static void write(Path machine, String what) throws SqlFailure {
        try (Application application = Application.start(machine.resolve("app.db"))) {
            application.orders(3, what);
        }
    }

    /** A run that also makes a snapshot, and frees the keys of all change sets before it. */
    private static String once(Bucket bucket, Path machine) throws IOException {
        Path config = Files.writeString(
                machine.resolve("runnel.yml"), """
                snapshot: {retention: 1ms}
                dbs:
                  - path: %s
                    replica: {url: "%s"}
                """.formatted(machine.resolve("app.db"), bucket.url()));
        List<String> command = RunnelCommand.of(
                "replicate", "-once", "-force-snapshot", "-enforce-retention", "-config", config.toString());
        try (Child child = Child.start(command, Bucket.environment())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
            return child.transcript();
        }
    }

    private static Ended ended(Bucket bucket, Path machine) throws SqlFailure {
        try (Application application = Application.start(machine.resolve("app.db"))) {
            return new Ended(bucket.replica().newestTxid(), application.orders());
        }
    }

    private List<String> ordersAt(Bucket bucket, long txid) {
        return Application.ordersIn(bucket.replica().imageAt(txid).writeTo(folder.resolve("restored.db")));
    }

    private static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
        return to;
    }
}
