package dev.runnel.cli.demo;

import dev.runnel.cli.demo.Application.Committed;
import dev.runnel.cli.demo.ReplicaFolder.Extent;
import dev.runnel.cli.demo.ReplicaFolder.WrittenProof;
import dev.runnel.cli.output.Amounts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Tells the audience of the demo what it sees. */
final class Narrator {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

    private final PrintStream out;

    Narrator(PrintStream out) {
        this.out = out;
    }

    void opens(Path folder) {
        out.println("Runnel demo, in " + folder + ", which is deleted at the end.");
    }

    void applicationWrites() {
        out.println();
        out.println("1. A shop writes orders to demo.db, a SQLite database in WAL mode; each order is a transaction.");
    }

    void runnelFollows() {
        out.println();
        out.println("2. Runnel follows the database and keeps its history in a folder:");
        out.println("   $ runnel replicate demo.db replica");
        out.println();
        out.println("   time          orders written   at the replica: TXID   files      size   behind");
    }

    void historyGrows(Committed written, Extent replica) {
        Duration behind = Duration.between(replica.time(), written.time());
        out.println("   %s   %,14d   %20s   %5d   %7s   %6s"
                .formatted(
                        clock(Instant.now()),
                        written.orders(),
                        replica.newest(),
                        replica.files(),
                        Amounts.bytes(replica.bytes()),
                        Amounts.duration(behind.isNegative() ? Duration.ZERO : behind)));
    }

    void allIsLost(Committed committed) {
        out.println();
        out.println(
                "3. Both are killed with kill -9 in the middle of a write. Then demo.db and all of its files are deleted.");
        out.println("   The shop had committed %,d orders, the last of them at %s."
                .formatted(committed.orders(), clock(committed.time())));
    }

    void restores(int step, String what, Restoration restoration) {
        out.println();
        out.println(step + ". " + what);
        out.println("   $ " + restoration.commandLine());
    }

    void isBack(Restored restored) {
        Orders orders = restored.orders();
        out.println("   TXID %s: %,d orders, the last of them at %s, %,.2f in all."
                .formatted(restored.txid(), orders.count(), clock(orders.newest()), orders.cents() / 100.0));
    }

    void isMissing(Orders orders, Committed committed) {
        out.println("   Lost with the machine: %,d orders, the last %s."
                .formatted(
                        Math.max(0, committed.orders() - orders.count()),
                        Amounts.duration(Duration.between(orders.newest(), committed.time()))));
    }

    void proves(Restored restored, WrittenProof proof) {
        String verdict = restored.checksum() == proof.databaseChecksum() ? "the same" : "NOT THE SAME";
        out.println("   Database checksum in %s, from when it was captured: %016x"
                .formatted(proof.file(), proof.databaseChecksum()));
        out.println("   Database checksum of %s, computed from its pages: %016x, %s"
                .formatted(restored.name(), restored.checksum(), verdict));
        out.println("   SQLite's own integrity check: " + restored.orders().integrity());
    }

    void closes() {
        out.println();
        out.println("Your own database:");
        out.println("   ./runnel replicate app.db /backup/app");
        out.println("   ./runnel ltx /backup/app");
        out.println("   ./runnel restore -o copy.db /backup/app");
    }

    private static String clock(Instant time) {
        return CLOCK.format(time.atZone(ZoneId.systemDefault()));
    }
}
