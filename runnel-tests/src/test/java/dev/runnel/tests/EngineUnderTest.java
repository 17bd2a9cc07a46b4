package dev.runnel.tests;

import dev.runnel.testkit.Await;
import dev.runnel.testkit.oracle.ReplicaOracle;
import java.time.Duration;

/** A running engine that follows one database into one folder. Closing it ends it at once; {@link #stop} in good order. */
sealed interface EngineUnderTest extends AutoCloseable permits ProgramEngine, EmbeddedEngine {
    Duration START_LIMIT = Duration.ofMinutes(1);

    /** The replica that it writes. */
    ReplicaOracle replica();

    /** Fails if it has ended although nobody asked it to. */
    void assertAlive();

    /** The process it is in. */
    long pid();

    /** What it has to say of itself. */
    String log();

    /** Lets it ship the rest; gives 0 if everything is at the replica then. */
    int stop();

    @Override
    void close();

    /** Waits until the replica holds a file that reaches this TXID. */
    default void awaitTxid(long txid) {
        Await.until("TXID " + txid + " at the replica", START_LIMIT, () -> {
            assertAlive();
            return replica().newestTxid() >= txid;
        });
    }

    /** The engine ended although nobody asked it to; waiting on is pointless. */
    final class Ended extends Error {
        private static final long serialVersionUID = 1L;

        Ended(String message) {
            super(message);
        }
    }
}
