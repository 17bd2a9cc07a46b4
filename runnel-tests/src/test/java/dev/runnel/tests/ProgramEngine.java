package dev.runnel.tests;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** A running {@code runnel replicate DB DIR}. */
final class ProgramEngine implements EngineUnderTest {
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    private final Child child;
    private final Supplier<ReplicaOracle> replica;

    private ProgramEngine(Child child, Supplier<ReplicaOracle> replica) {
        this.child = child;
        this.replica = replica;
    }

    static ProgramEngine start(Path database, Path replica) {
        return start(replica, RunnelCommand.of("replicate", database.toString(), RunnelCommand.url(replica)));
    }

    static ProgramEngine startWithHeap(String heap, Path database, Path replica) {
        return start(
                replica, RunnelCommand.withHeap(heap, "replicate", database.toString(), RunnelCommand.url(replica)));
    }

    static ProgramEngine startOnSmallMachine(Path database, Path replica) {
        return start(
                replica, RunnelCommand.onSmallMachine("replicate", database.toString(), RunnelCommand.url(replica)));
    }

    /** Starts it with more about the database than its path and replica, in the lines of a configuration file. */
    static ProgramEngine startWith(String settings, Path database, Path replica) {
        Path file = database.resolveSibling("runnel.yml");
        String text =
                "dbs:\n  - path: %s\n    %s\n    replica:\n      path: %s\n".formatted(database, settings, replica);
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return startWith(file, () -> new ReplicaOracle(replica));
    }

    /**
     * Starts it with a configuration file.
     *
     * @param replica looks at what is there by now
     */
    static ProgramEngine startWith(Path config, Supplier<ReplicaOracle> replica) {
        return new ProgramEngine(
                Child.start(RunnelCommand.of("replicate", "-config", config.toString()), Map.of()), replica);
    }

    /** Starts it by another program that runs the command it is given. */
    static ProgramEngine startBy(UnaryOperator<List<String>> wrapper, Path database, Path replica) {
        return start(
                replica, wrapper.apply(RunnelCommand.of("replicate", database.toString(), RunnelCommand.url(replica))));
    }

    private static ProgramEngine start(Path replica, List<String> command) {
        return new ProgramEngine(Child.start(command, Map.of()), () -> new ReplicaOracle(replica));
    }

    /** Waits until the replica holds anything. */
    ProgramEngine awaitHistory() {
        awaitTxid(1);
        return this;
    }

    /** Waits until it logs a line like this, later than those that were waited for before. */
    String awaitLog(Pattern pattern) {
        return child.awaitLine(pattern, START_LIMIT);
    }

    /** Waits until it ends by itself; gives the exit status. */
    int awaitExit() {
        return child.awaitExit(STOP_LIMIT);
    }

    /** Sends a signal by its name without SIG, and does not wait. */
    void signal(String name) {
        child.signal(name);
    }

    void kill9() {
        child.kill9();
    }

    @Override
    public ReplicaOracle replica() {
        return replica.get();
    }

    @Override
    public void assertAlive() {
        if (!child.isAlive()) {
            throw new Ended("the program has ended. It said:\n" + child.transcript());
        }
    }

    /** What it has open, without the files of its class path. */
    List<String> openFiles() {
        return child.openFiles();
    }

    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public String log() {
        return child.transcript();
    }

    /** SIGTERM, not before it listens to that; gives the exit status. */
    @Override
    public int stop() {
        Await.until(
                "it follows its databases",
                START_LIMIT,
                () -> !child.isAlive() || child.transcript().contains("initialized db"));
        return child.stop(STOP_LIMIT);
    }

    @Override
    public void close() {
        child.close();
    }
}
