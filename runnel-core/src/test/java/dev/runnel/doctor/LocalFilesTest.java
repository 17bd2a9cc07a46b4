package dev.runnel.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ledger.Ledger;
import dev.runnel.ledger.LedgerBuilder;
import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.DiskFile;
import dev.runnel.replica.HistoryExtent;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found in the change log and the ledger of a database. Nothing is changed by looking. */
final class LocalFilesTest {
    private static final Path LOG = Path.of("/meta/log");
    private static final Path LEDGER = Path.of("/meta/ledger");
    private static final PageSize PAGE = new PageSize(512);

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final CrashDisk disk = new CrashDisk(clock);
    private final ModelDatabase database = new ModelDatabase(new Random(7), ModelDatabase.LINEAGE, PAGE);
    private final LocalFiles files = new LocalFiles(disk, LOG, LEDGER);

    @Test
    void whereNothingWasFollowedNothingIsWrong() throws IOException {
        assertThat(files.faults()).isEmpty();
        assertThat(files.lineage()).isEmpty();
        assertThat(files.difference(extent(3), false)).isEmpty();
    }

    @Test
    void whatRunnelWroteIsInOrder() throws IOException {
        write(5);
        ledger(5);
        assertThat(files.faults()).isEmpty();
        assertThat(files.lineage()).hasValue(ModelDatabase.LINEAGE);
    }

    @Test
    void aHoleInTheLogIsNamedAndTheFilesStay() throws IOException {
        write(5);
        ledger(5);
        disk.delete(change(3));

        assertThat(files.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.kind()).isEqualTo(Kind.LOCAL);
            assertThat(fault.text())
                    .contains("2 change sets up to TXID 0000000000000002", "TXID 0000000000000003 is missing");
            assertThat(fault.removable()).isEmpty();
        });
        assertThat(disk.stat(change(1))).isPresent();
        assertThat(disk.stat(change(2))).isPresent();
    }

    @Test
    void aDamagedNewestChangeSetEndsTheLog() throws IOException {
        write(5);
        ledger(5);
        try (DiskFile file = disk.open(change(5))) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), file.size() - 30);
        }

        assertThat(files.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.text())
                    .contains("the newest change set cannot be used", change(5).toString());
            assertThat(fault.removable()).isEmpty();
        });
        assertThat(files.lineage()).isEmpty();
    }

    @Test
    void aMissingLedgerIsFound() throws IOException {
        write(5);
        assertThat(files.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.where()).isEqualTo(LEDGER.toString());
            assertThat(fault.text()).contains("there is none");
            assertThat(fault.removable()).isEmpty();
        });
    }

    @Test
    void aLedgerWithoutAHeaderIsFoundAndMayGo() throws IOException {
        write(5);
        ledger(5);
        try (DiskFile file = disk.open(LEDGER)) {
            file.write(ByteBuffer.wrap(new byte[8192]), 0);
        }
        assertThat(files.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.text()).contains("neither of its two headers");
            assertThat(fault.removable()).containsExactly(LEDGER.toString());
        });
    }

    @Test
    void aLedgerThatTheLogDoesNotLeadOnFromIsFound() throws IOException {
        ledger(2);
        write(6);
        disk.delete(change(1));
        disk.delete(change(2));
        assertThat(files.faults()).isEmpty();
        disk.delete(change(3));
        assertThat(files.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.text())
                        .contains("durable up to TXID 0000000000000002", "TXIDs 0000000000000004 to 0000000000000006"));
    }

    @Test
    void aLedgerAheadOfTheLogIsFound() throws IOException {
        write(5);
        ledger(9);
        assertThat(files.faults())
                .singleElement()
                .satisfies(fault -> assertThat(fault.text()).contains("durable up to TXID 0000000000000009"));
    }

    @Test
    void whatIsNotAtTheReplicaIsNamedUnlessAProcessShipsIt() throws IOException {
        write(5);
        assertThat(files.difference(extent(5), false)).isEmpty();
        assertThat(files.difference(extent(3), true)).isEmpty();
        assertThat(files.difference(extent(3), false)).singleElement().satisfies(fault -> {
            assertThat(fault.text()).contains("the replica lacks TXIDs 0000000000000004 to 0000000000000005, which");
            assertThat(fault.stake()).isEqualTo(Stake.POINTS);
        });
    }

    @Test
    void aReplicaAheadOfTheLogIsNamed() throws IOException {
        write(5);
        assertThat(files.difference(extent(8), true))
                .singleElement()
                .satisfies(fault -> assertThat(fault.text())
                        .contains("it ends at TXID 0000000000000005, and the replica at TXID 0000000000000008"));
        HistoryExtent other = extent(8, OptionalLong.of(ModelDatabase.LINEAGE + 1));
        assertThat(files.difference(other, false)).isEmpty();
    }

    private static Path change(long txid) {
        return LOG.resolve(new Txid(txid) + ".change");
    }

    private static HistoryExtent extent(long newest) {
        return extent(newest, OptionalLong.of(ModelDatabase.LINEAGE));
    }

    private static HistoryExtent extent(long newest, OptionalLong lineage) {
        return new HistoryExtent(
                "ltx",
                lineage,
                Optional.of(new TxidRange(new Txid(1), new Txid(newest))),
                ModelDatabase.ORIGIN,
                ModelDatabase.ORIGIN,
                HistoryExtent.Times.OWN);
    }

    private void write(int count) throws IOException {
        disk.createFolders(LOG);
        ChangeLog log = ChangeLog.open(disk, LOG, new LogLimits(1 << 30));
        for (int i = 0; i < count; i++) {
            long txid = database.commitAt(clock.now());
            Map<Integer, byte[]> pages = database.changed(txid);
            log.append(
                    database.header(txid),
                    sink -> {
                        for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                            sink.page(page.getKey(), page.getValue(), 0);
                        }
                    },
                    new SourcePosition(Optional.empty(), new FileIdentity(1, 1, 1, 1)));
        }
    }

    private void ledger(long txid) throws IOException {
        disk.createFolders(Path.of("/meta"));
        byte[] page = new byte[PAGE.bytes()];
        try (LedgerBuilder builder = Ledger.create(disk, LEDGER, PAGE, new Txid(txid))) {
            builder.set(1, Checksums.page(1, page, 0, PAGE.bytes()));
            builder.finish(1).close();
        }
    }
}
