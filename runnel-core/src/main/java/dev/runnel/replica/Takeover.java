package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import java.time.Duration;
import java.time.Instant;

/**
 * A record at a replica that what follows a TXID does not continue the same history: another database was adopted there, or
 * history had to continue above one that could not be compared or read. Retention, whoever runs it, keeps what was before.
 *
 * @param last the last TXID before it
 * @param time when it was recorded
 * @param key of the object that records it
 */
public record Takeover(Txid last, Kind kind, Instant time, String key) {
    /** For how long the last state before an adoption stays restorable without a confirmation. */
    public static final Duration KEPT = Duration.ofDays(30);

    /** What is kept. */
    public enum Kind {
        /** The last state stays restorable until it is confirmed, or for {@link #KEPT}. */
        ADOPTED("adopted"),
        /**
         * Everything up to the TXID stays until it is confirmed: it cannot be read here, so it is unknown what is
         * needed.
         */
        ENCRYPTED("encrypted");

        private final String suffix;

        Kind(String suffix) {
            this.suffix = suffix;
        }

        /** How the name of such a record ends. */
        public String suffix() {
            return suffix;
        }
    }

    /** Whether retention has to respect it, as the wall clock alone shows it: an operator asked for that. */
    public boolean isInForce(Instant now) {
        return kind == Kind.ENCRYPTED || now.isBefore(time.plus(KEPT));
    }

    /**
     * Whether retention has to respect it. What follows the last TXID is at least as old as the record, in time for which
     * Runnel ran, and so no clock ends the protection early. But a replica that comes back after a long time is recorded
     * when the TXIDs above have long existed elsewhere: then the time of the record counts.
     */
    public boolean isInForce(TxidAges ages, Instant now) {
        return !ages.isOlder(last.next(), KEPT) || isInForce(now);
    }
}
