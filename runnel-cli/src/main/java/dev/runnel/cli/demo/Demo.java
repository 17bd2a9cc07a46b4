package dev.runnel.cli.demo;

import dev.runnel.cli.demo.Application.Committed;
import dev.runnel.cli.demo.ReplicaFolder.WrittenProof;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The demo: an application writes, Runnel follows, both are killed, the database is deleted, and two states of it are
 * restored and checked. Everything is a process of its own, started as a user would start it.
 */
public final class Demo {
    private static final Duration GOING_BACK = Duration.ofSeconds(10);
    private static final Duration HISTORY = GOING_BACK.plusSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Not a whole second, or each look would find Runnel at the same point of its own second. */
    private static final Duration LOOK = Duration.ofMillis(900);

    private final Narrator narrator;
    private final OwnProgram program;

    public Demo(PrintStream out) {
        this.narrator = new Narrator(out);
        this.program = OwnProgram.find();
    }

    /** Plays it; returns whether both states came back as they were. */
    public boolean run() throws IOException, InterruptedException {
        try (DemoFolder folder = DemoFolder.create();
                Stagehands stagehands = Stagehands.watch(folder)) {
            narrator.opens(folder.path());
            ReplicaFolder replica = new ReplicaFolder(folder.resolve("replica"));
            Committed committed = loseDatabase(folder, stagehands, replica);
            Instant earlier = Instant.now().minus(GOING_BACK);
            folder.deleteDatabase();
            narrator.allIsLost(committed);

            Restoration newest = new Restoration(program, folder.path(), "newest.db", Optional.empty());
            narrator.restores(4, "The newest state:", newest);
            Restored restored = restore(newest);
            narrator.isMissing(restored.orders(), committed);
            boolean newestIsProven = prove(restored, replica);

            Restoration before = new Restoration(program, folder.path(), "earlier.db", Optional.of(earlier));
            narrator.restores(5, "The state of 10 seconds earlier:", before);
            boolean earlierIsProven = prove(restore(before), replica);
            narrator.closes();
            return newestIsProven && earlierIsProven;
        }
    }

    /** Everything up to the crash; returns what the application had committed then. */
    private Committed loseDatabase(DemoFolder folder, Stagehands stagehands, ReplicaFolder replica)
            throws IOException, InterruptedException {
        narrator.applicationWrites();
        Path said = folder.resolve("application.log");
        Application application = Application.start(program, folder.path(), said);
        stagehands.add(application);
        await("the first order", said, () -> application.last().orders() > 0);

        narrator.runnelFollows();
        Path log = folder.resolve("runnel.log");
        Replicator replicator = Replicator.start(program, folder.path(), log);
        stagehands.add(replicator);
        await("the replica", log, () -> replica.extent().isPresent());

        long end = System.nanoTime() + HISTORY.toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(LOOK);
            narrator.historyGrows(application.last(), replica.extent().orElseThrow());
        }
        replicator.kill();
        return application.kill();
    }

    private Restored restore(Restoration restoration) throws IOException, InterruptedException {
        Restored restored = Restored.lookAt(restoration.database(), restoration.run());
        narrator.isBack(restored);
        return restored;
    }

    private boolean prove(Restored restored, ReplicaFolder replica) throws IOException {
        WrittenProof proof = replica.proofOf(restored.txid());
        narrator.proves(restored, proof);
        return restored.checksum() == proof.databaseChecksum()
                && restored.orders().integrity().equals("ok");
    }

    private static void await(String what, Path log, Fact fact) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException(what + " did not appear; its process says: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** Something that will be true. */
    @FunctionalInterface
    private interface Fact {
        boolean holds() throws IOException;
    }
}
