package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.log.ModelChangeSets.State;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.FileInfo;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import dev.runnel.testkit.Rounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the change log acknowledged is there after a power loss at any point, and nothing after a hole is. */
final class ChangeLogPowerLossTest {
    private static final Path FOLDER = Path.of("/meta/log");
    private static final LogLimits LIMITS = new LogLimits(1 << 20);
    private static final int CHANGES = 6;

    @Test
    void i15WhatWasAcknowledgedSurvivesAPowerLossAtAnyOperation() throws Exception {
        Rounds.run("i15WhatWasAcknowledgedSurvivesAPowerLossAtAnyOperation", 40, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed, n);
                clean = life.endsByItself();
                life.powerLoss(seed + n);
            }
        });
    }

    @Test
    void i15TheLogGoesOnAfterEachOfManyPowerLosses() throws Exception {
        Rounds.run("i15TheLogGoesOnAfterEachOfManyPowerLosses", 60, seed -> {
            Random random = new Random(seed);
            Life life = new Life(seed, Integer.MAX_VALUE);
            for (int i = 0; i < 12; i++) {
                life.disk.failFrom(1 + random.nextInt(40), Fault.POWER_LOSS);
                life.endsByItself();
                life.powerLoss(random.nextLong());
            }
        });
    }

    @Test
    void whatTheProcessAfterAKilledOneFindsSurvivesAPowerLoss() throws Exception {
        Rounds.run("whatTheProcessAfterAKilledOneFindsSurvivesAPowerLoss", 20, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed, Integer.MAX_VALUE);
                life.disk.failFrom(n, Fault.INPUT_OUTPUT_ERROR);
                clean = life.endsByItself();
                life.disk.heal();
                life.acknowledged = ChangeLog.open(life.disk, FOLDER, LIMITS)
                        .newest()
                        .map(LogFile::txid)
                        .orElse(Txid.NONE);
                life.powerLoss(seed + n);
            }
        });
    }

    @Test
    void whatFailsOnceIsDoneTheSecondTimeWithoutARestart() throws Exception {
        Rounds.run("whatFailsOnceIsDoneTheSecondTimeWithoutARestart", 20, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed, Integer.MAX_VALUE);
                life.disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
                clean = life.goesOnAfterAFailure();
                life.powerLoss(seed + n);
            }
        });
    }

    /** Something that the disk may refuse. */
    private interface Action<T> {
        T run() throws IOException;
    }

    /** A process that appends and trims until the power goes. */
    private static final class Life {
        private final Random random;
        private final CrashDisk disk = new CrashDisk(Clock.system());
        private final ModelChangeSets model;
        private Txid acknowledged = Txid.NONE;
        private Txid trimmed = Txid.NONE;

        Life(long seed, int operations) throws IOException {
            random = new Random(seed);
            model = new ModelChangeSets(new PageSize(512 << random.nextInt(4)), 20, random);
            disk.createFolders(Path.of("/meta"));
            disk.failFrom(operations, Fault.POWER_LOSS);
        }

        boolean endsByItself() {
            try {
                ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
                for (int i = 0; i < CHANGES; i++) {
                    State next = model.change();
                    log.append(next.header(), next::writeTo, next.position());
                    acknowledged = next.txid();
                    Txid upTo = new Txid(random.nextInt((int) acknowledged.value() + 1));
                    trimmed = upTo.isAfter(trimmed) ? upTo : trimmed;
                    log.trim(trimmed, acknowledged);
                }
                return true;
            } catch (IOException e) {
                assertThat(e.getMessage()).isIn("Power lost", "Input/output error");
                return false;
            }
        }

        /** Whether nothing failed. */
        boolean goesOnAfterAFailure() throws IOException {
            boolean clean = true;
            ChangeLog[] log = new ChangeLog[1];
            clean &= succeedsAtOnce(() -> log[0] = ChangeLog.open(disk, FOLDER, LIMITS));
            for (int i = 0; i < CHANGES; i++) {
                State next = model.change();
                clean &= succeedsAtOnce(() -> log[0].append(next.header(), next::writeTo, next.position()));
                acknowledged = next.txid();
            }
            return clean;
        }

        private static boolean succeedsAtOnce(Action<?> action) throws IOException {
            try {
                action.run();
                return true;
            } catch (IOException e) {
                assertThat(e).hasMessage("Input/output error");
                action.run();
                return false;
            }
        }

        void powerLoss(long seed) throws IOException {
            disk.crash(seed);
            ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
            Txid newest = log.newest().map(LogFile::txid).orElse(Txid.NONE);
            assertThat(newest).isBetween(acknowledged, model.newest().txid());
            assertThat(newest).isLessThanOrEqualTo(acknowledged.next());
            List<LogFile> files = log.after(Txid.NONE, 1000);
            for (int i = 0; i < files.size(); i++) {
                LogFile file = files.get(i);
                assertThat(file.txid()).isEqualTo(new Txid(newest.value() - files.size() + 1 + i));
                model.at(file.txid()).assertIsIn(file);
            }
            for (Txid kept = trimmed.next(); !kept.isAfter(acknowledged); kept = kept.next()) {
                assertThat(log.find(kept)).isPresent();
            }
            assertThat(disk.list(FOLDER))
                    .extracting(FileInfo::name)
                    .filteredOn(name -> !name.equals("proofs"))
                    .hasSize(files.size());
            log.dropped().ifPresent(dropped -> assertThat(dropped.newest()).isLessThanOrEqualTo(trimmed));
            model.forgetAfter(newest);
            acknowledged = newest;
        }
    }
}
