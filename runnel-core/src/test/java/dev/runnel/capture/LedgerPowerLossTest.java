package dev.runnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogFile;
import dev.runnel.log.LogLimits;
import dev.runnel.log.ModelChangeSets;
import dev.runnel.log.ModelChangeSets.State;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import dev.runnel.testkit.Rounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever becomes of the disk, a ledger that is recovered describes exactly the newest TXID of the change log. */
final class LedgerPowerLossTest {
    private static final Path FOLDER = Path.of("/meta/log");
    private static final Path LEDGER = Path.of("/meta/ledger");
    private static final LogLimits LIMITS = new LogLimits(1 << 20);
    private static final int CHANGES = 5;

    /** More than one block of entries, so that a crash can tear the ledger between blocks. */
    private static final int PAGES = 300;

    @Test
    void i15TheLedgerIsExactAfterAPowerLossAtAnyOperation() throws Exception {
        Rounds.run("i15TheLedgerIsExactAfterAPowerLossAtAnyOperation", 4, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed);
                life.disk.failFrom(n, Fault.POWER_LOSS);
                clean = life.endsByItself("Power lost");
                life.disk.crash(seed + n);
                life.assertExact();
            }
        });
    }

    @Test
    void i15TheLedgerIsExactAfterEachOfManyPowerLosses() throws Exception {
        Rounds.run("i15TheLedgerIsExactAfterEachOfManyPowerLosses", 40, seed -> {
            Life life = new Life(seed);
            for (int i = 0; i < 12; i++) {
                life.disk.failFrom(1 + life.random.nextInt(60), Fault.POWER_LOSS);
                life.endsByItself("Power lost");
                life.disk.crash(life.random.nextLong());
                life.assertExact();
            }
        });
    }

    @Test
    void theLedgerIsExactAfterAFailureOfAnyOperationAndAPowerLossLater() throws Exception {
        Rounds.run("theLedgerIsExactAfterAFailureOfAnyOperationAndAPowerLossLater", 4, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed);
                life.disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
                clean = life.endsByItself("Input/output error");
                life.disk.heal();
                life.assertExact();
                life.endsByItself("no failure is left");
                life.disk.crash(seed - n);
                life.assertExact();
            }
        });
    }

    @Test
    void theLedgerIsExactAfterAKillAtAnyOperationAndAPowerLossLater() throws Exception {
        Rounds.run("theLedgerIsExactAfterAKillAtAnyOperationAndAPowerLossLater", 4, this::killThenLosePower);
    }

    /** What a header says whose sync failed is read by the next process, and is gone with the power. */
    @Test
    void i15TheLedgerIsExactAfterASyncThatFailedAKillAndAPowerLoss() throws Exception {
        killThenLosePower(3_861_642_505L);
    }

    private void killThenLosePower(long seed) throws IOException {
        boolean clean = false;
        for (int n = 1; !clean; n++) {
            Life life = new Life(seed);
            life.disk.failFrom(n, Fault.INPUT_OUTPUT_ERROR);
            clean = life.endsByItself("Input/output error");
            life.disk.heal();
            life.disk.failFrom(1 + life.random.nextInt(30), Fault.POWER_LOSS);
            life.endsByItself("Power lost");
            life.disk.crash(seed - n);
            life.assertExact();
        }
    }

    @Test
    void theLedgerIsExactAfterAFullDisk() throws Exception {
        Rounds.run("theLedgerIsExactAfterAFullDisk", 4, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed);
                life.disk.failFrom(n, Fault.DISK_FULL);
                clean = life.endsByItself("No space left on device");
                life.disk.heal();
                life.assertExact();
            }
        });
    }

    @Test
    void aLedgerThatIsMadeAnewReplacesTheOldOneWholeOrNotAtAll() throws Exception {
        Rounds.run("aLedgerThatIsMadeAnewReplacesTheOldOneWholeOrNotAtAll", 10, seed -> {
            boolean clean = false;
            for (int n = 1; !clean; n++) {
                Life life = new Life(seed);
                State first = life.model.newest();
                State second = life.model.change();
                life.disk.failFrom(n, Fault.POWER_LOSS);
                clean = life.makesAnew(second);
                life.disk.crash(seed + n);
                try (Ledger ledger = Ledger.open(life.disk, LEDGER)) {
                    State expected = clean || ledger.txid().equals(second.txid()) ? second : first;
                    LedgerAssert.describes(ledger, expected.asIfAllChanged());
                }
            }
        });
    }

    /** A process that follows a database: log, then ledger, checkpoints and trims now and then. */
    private static final class Life {
        private final Random random;
        private final CrashDisk disk = new CrashDisk(Clock.system());
        private final ModelChangeSets model;
        private Txid acknowledged;

        Life(long seed) throws IOException {
            random = new Random(seed);
            PageSize pageSize = new PageSize(random.nextInt(8) == 0 ? 65536 : 512);
            model = new ModelChangeSets(pageSize, pageSize.bytes() == 512 ? PAGES : 10, random);
            disk.createFolders(FOLDER);
            ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
            State first = model.change();
            log.append(first.header(), first::writeTo, first.position());
            acknowledged = first.txid();
            try (LedgerBuilder builder = Ledger.create(disk, LEDGER, pageSize, first.txid())) {
                first.entries().forEach(builder::set);
                builder.finish(first.pageCount()).close();
            }
        }

        boolean endsByItself(String expectedFailure) throws IOException {
            try {
                follow();
                return true;
            } catch (IOException e) {
                assertThat(e).hasMessage(expectedFailure);
                return false;
            }
        }

        boolean makesAnew(State state) {
            try (LedgerBuilder builder = Ledger.create(disk, LEDGER, state.pageSize(), state.txid())) {
                for (int page : state.pages().keySet()) {
                    builder.set(page, state.checksum(page));
                }
                builder.finish(state.pageCount()).close();
                return true;
            } catch (IOException e) {
                assertThat(e).hasMessage("Power lost");
                return false;
            }
        }

        private void follow() throws IOException {
            ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
            acknowledged = log.newest().map(LogFile::txid).orElseThrow();
            model.forgetAfter(acknowledged);
            try (Ledger ledger = Ledger.recover(disk, LEDGER, log)) {
                for (int i = 0; i < CHANGES; i++) {
                    State next = model.change();
                    long checksum = ledger.checksumAfter(next.pageCount(), next.entries());
                    assertThat(checksum).isEqualTo(next.databaseChecksum());
                    log.append(next.header(), next::writeTo, next.position());
                    acknowledged = next.txid();
                    ledger.apply(next.txid(), next.pageCount(), next.entries());
                    if (random.nextInt(3) == 0) {
                        ledger.checkpoint();
                    }
                    log.trim(next.txid(), ledger.durable());
                }
            }
        }

        void assertExact() throws IOException {
            ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
            Txid newest = log.newest().map(LogFile::txid).orElseThrow();
            assertThat(newest).isBetween(acknowledged, acknowledged.next());
            State expected = model.at(newest);
            try (Ledger ledger = Ledger.recover(disk, LEDGER, log)) {
                LedgerAssert.describes(ledger, expected);
            }
            acknowledged = newest;
        }
    }
}
