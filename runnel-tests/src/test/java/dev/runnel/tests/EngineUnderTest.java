package dev.runnel.tests;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import dev.runnel.testkit.process.Child;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A running {@code runnel replicate DB DIR}. Closing it kills it; {@link #stop} is the orderly end. */
final class EngineUnderTest implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

    private final Child child;
    private final ReplicaOracle replica;

    private EngineUnderTest(Child child, ReplicaOracle replica) {
        this.child = child;
        this.replica = replica;
    }

    static EngineUnderTest start(Path database, Path replica) {
        return start(replica, RunnelCommand.of("replicate", database.toString(), RunnelCommand.url(replica)));
    }

    static EngineUnderTest startWithHeap(String heap, Path database, Path replica) {
        return start(
                replica, RunnelCommand.withHeap(heap, "replicate", database.toString(), RunnelCommand.url(replica)));
    }

    private static EngineUnderTest start(Path replica, List<String> command) {
        return new EngineUnderTest(Child.start(command, Map.of()), new ReplicaOracle(replica));
    }

    /** Waits until the replica holds anything. */
    EngineUnderTest awaitHistory() {
        awaitTxid(1);
        return this;
    }

    /** Waits until the replica holds a file that reaches this TXID. */
    void awaitTxid(long txid) {
        Await.until("TXID " + txid + " at the replica", START_LIMIT, () -> {
            assertAlive();
            return replica.newestTxid() >= txid;
        });
    }

    void assertAlive() {
        if (!child.isAlive()) {
            throw new Ended("the program has ended. It said:\n" + child.transcript());
        }
    }

    long pid() {
        return child.pid();
    }

    /** What it logged last. */
    String log() {
        return child.transcript();
    }

    void kill9() {
        child.kill9();
    }

    /** SIGTERM; gives the exit status. */
    int stop() {
        return child.stop(STOP_LIMIT);
    }

    @Override
    public void close() {
        child.close();
    }

    /** The program ended although nobody asked it to; waiting on is pointless. */
    static final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended(String message) {
            super(message);
        }
    }
}
