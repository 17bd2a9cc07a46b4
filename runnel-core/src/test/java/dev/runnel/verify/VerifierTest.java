package dev.runnel.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.log.ChangeLog;
import dev.runnel.log.LogLimits;
import dev.runnel.log.LoggedStates;
import dev.runnel.log.SourcePosition;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Entropy;
import dev.runnel.replica.Replica;
import dev.runnel.replica.inventory.TestedHistory;
import dev.runnel.replica.inventory.TestedLayout;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.restore.IntegrityCheck;
import dev.runnel.restore.ProvenBy;
import dev.runnel.restore.Restorer;
import dev.runnel.sqlite.FileIdentity;
import dev.runnel.store.ForwardingStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.Seeds;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import dev.runnel.verify.HistoryReport.Comparison;
import dev.runnel.verify.VerifyOptions.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is verified, and what is found: the same in both layouts. */
final class VerifierTest {
    private static final Path LOG = Path.of("/meta/log");

    private final Random random = new Random(Seeds.of("verifier"));
    private final TestedHistory history = new TestedHistory();
    private final CrashDisk disk = new CrashDisk(history.clock());

    @ParameterizedTest
    @EnumSource
    void aHistoryWithoutAFaultIsComplete(TestedLayout layout) throws IOException {
        Replica replica = written(layout);

        HistoryReport names = verify(replica, Depth.NAMES);
        HistoryReport bytes = verify(replica, Depth.BYTES);
        HistoryReport pages = verify(replica, Depth.PAGES);

        assertThat(List.of(names.verdict(), bytes.verdict(), pages.verdict())).containsOnly(Verdict.COMPLETE);
        assertThat(Stream.of(names, bytes, pages).flatMap(report -> report.findings().stream()))
                .isEmpty();
        assertThat(bytes.objects()).isEqualTo(contentKeys().size());
        assertThat(pages.image().orElseThrow().checksum())
                .isEqualTo(history.database().proof(TestedHistory.NEWEST).databaseChecksum());
        assertThat(pages.image().orElseThrow().provenBy()).isEqualTo(ProvenBy.DATABASE_CHECKSUM);
        assertThat(pages.comparison()).isEqualTo(Comparison.NOT_RECORDED);
    }

    /** Listings cost money: one is for the plan, and one more for reading what the plan names. */
    @ParameterizedTest
    @EnumSource
    void noMoreIsListedThanIsNeeded(TestedLayout layout) throws IOException {
        written(layout);
        record(history.database(), TestedHistory.NEWEST);
        LoggedStates recorded = new LoggedStates(disk, LOG);

        CountingStore names = new CountingStore(history.memory());
        verifier(Depth.NAMES, State.NEWEST).verify("h", open(layout, names), Optional.of(recorded));
        CountingStore pages = new CountingStore(history.memory());
        verifier(Depth.PAGES, State.NEWEST).verify("h", open(layout, pages), Optional.of(recorded));

        assertThat(names.count(StoreOperation.LIST)).isEqualTo(1);
        assertThat(pages.count(StoreOperation.LIST)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsNotAHistory(TestedLayout layout) throws IOException {
        assertThat(verifier(Depth.NAMES, State.NEWEST).verify("h", open(layout, history.memory()), Optional.empty()))
                .isEmpty();
    }

    /** Whichever object it is, old or new, and wherever the byte is. */
    @ParameterizedTest
    @EnumSource
    void aWrongByteInAnyObjectIsFoundByBytes(TestedLayout layout) throws IOException {
        written(layout);
        for (String key : contentKeys()) {
            byte[][] before = new byte[1][];
            history.damage(key, content -> {
                before[0] = content.clone();
                content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
                return content;
            });

            HistoryReport report = verify(open(layout, history.memory()), Depth.BYTES);

            assertThat(report.verdict()).as(key).isEqualTo(Verdict.DAMAGED);
            assertThat(report.findings().getFirst().text()).contains(key);
            assertThat(report.findings().getFirst().nextStep()).isNotBlank();
            history.damage(key, _ -> before[0]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anObjectThatWasCutShortIsFoundByBytes(TestedLayout layout) throws IOException {
        written(layout);
        history.damage(layout.changeSet(2), content -> Arrays.copyOf(content, content.length - 1));

        HistoryReport report = verify(open(layout, history.memory()), Depth.BYTES);

        assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(report.objects()).isEqualTo(contentKeys().size());
        assertThat(report.findings()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatTheNewestStateNeedsAndIsDamagedIsFoundByPages(TestedLayout layout) throws IOException {
        written(layout);
        history.damage(layout.changeSet(TestedHistory.NEWEST), content -> {
            content[content.length / 2] ^= 1;
            return content;
        });

        HistoryReport report = verify(open(layout, history.memory()), Depth.PAGES);

        assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
        assertThat(report.findings().getFirst().text()).contains(layout.changeSet(TestedHistory.NEWEST));
        assertThat(report.image()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aMissingChangeSetIsLostAtEveryDepth(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        history.memory().delete(List.of(layout.changeSet(25)));

        for (Depth depth : List.of(Depth.NAMES, Depth.BYTES, Depth.PAGES)) {
            HistoryReport report = verify(replica, depth);
            assertThat(report.verdict()).as(depth.toString()).isEqualTo(Verdict.LOST);
            assertThat(report.findings()).hasSize(1);
        }
    }

    /** In the other layout the names do not say what can be restored below the hole. */
    @Test
    void whatCanBeRestoredBelowAHoleIsStillRead() throws IOException {
        Replica replica = written(TestedLayout.LTX);
        history.memory().delete(List.of(TestedLayout.LTX.changeSet(25)));

        HistoryReport report = verify(replica, Depth.PAGES);

        assertThat(report.image().orElseThrow().plan().reached()).isEqualTo(new Txid(24));
    }

    @ParameterizedTest
    @EnumSource
    void aRandomStateIsOneOfThoseThatCanBeRestored(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        for (int i = 0; i < 20; i++) {
            HistoryReport report = verifier(Depth.PAGES, State.RANDOM)
                    .verify("h", replica, Optional.empty())
                    .orElseThrow();
            assertThat(report.verdict()).isEqualTo(Verdict.COMPLETE);
            Txid reached = report.image().orElseThrow().plan().reached();
            assertThat(report.image().orElseThrow().checksum())
                    .isEqualTo(history.database().proof(reached.value()).databaseChecksum());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aStoreThatCannotBeReadIsNoFinding(TestedLayout layout) throws IOException {
        written(layout);
        Replica replica = open(layout, new ForwardingStore(history.memory()) {
            @Override
            public Stream<ObjectInfo> list(String prefix, Optional<String> after) throws StoreException {
                throw new StoreException.Unavailable("memory", prefix, new IOException("it is down"));
            }
        });

        assertThatThrownBy(() -> verify(replica, Depth.NAMES)).isInstanceOf(StoreException.Unavailable.class);
    }

    @ParameterizedTest
    @EnumSource
    void theStateIsHeldAgainstWhatThisMachineHasRecorded(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        record(history.database(), TestedHistory.NEWEST);

        HistoryReport same = recorded(replica);

        assertThat(same.comparison()).isEqualTo(Comparison.EQUAL);
        assertThat(same.verdict()).isEqualTo(Verdict.COMPLETE);
    }

    @ParameterizedTest
    @EnumSource
    void anotherDatabaseThanTheOneThatWasRecordedIsDamage(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        ModelDatabase another = new ModelDatabase(new Random(6), ModelDatabase.LINEAGE, new PageSize(4096));
        while (another.newest() < TestedHistory.NEWEST) {
            another.commitAt(history.clock().now());
        }
        record(another, TestedHistory.NEWEST);

        HistoryReport report = recorded(replica);

        assertThat(report.comparison()).isEqualTo(Comparison.DIFFERENT);
        assertThat(report.verdict()).isEqualTo(Verdict.DAMAGED);
    }

    @ParameterizedTest
    @EnumSource
    void newerCommitsOnThisMachineAreADelay(TestedLayout layout) throws IOException {
        Replica replica = written(layout);
        record(history.database(), TestedHistory.NEWEST);
        record(history.database(), history.database().commitAt(history.clock().now()));

        HistoryReport report = recorded(replica);

        assertThat(report.verdict()).isEqualTo(Verdict.DELAYED);
        assertThat(report.verdict().isFailure()).isFalse();
        assertThat(report.comparison()).isEqualTo(Comparison.EQUAL);
    }

    /** What capture does with a change set. */
    private void record(ModelDatabase database, long txid) throws IOException {
        disk.createFolders(LOG);
        Map<Integer, byte[]> pages = database.changed(txid);
        ChangeLog.open(disk, LOG, new LogLimits(1 << 30))
                .append(
                        database.header(txid),
                        sink -> {
                            for (Map.Entry<Integer, byte[]> page : pages.entrySet()) {
                                sink.page(page.getKey(), page.getValue(), 0);
                            }
                        },
                        new SourcePosition(Optional.empty(), new FileIdentity(1, 1, 1, 1)));
    }

    private HistoryReport recorded(Replica replica) throws IOException {
        return verifier(Depth.PAGES, State.NEWEST)
                .verify("h", replica, Optional.of(new LoggedStates(disk, LOG)))
                .orElseThrow();
    }

    private Replica written(TestedLayout layout) throws IOException {
        Replica replica = open(layout, history.memory());
        history.writeTo(replica);
        return replica;
    }

    private Replica open(TestedLayout layout, ObjectStore store) {
        return layout.open(store, TestedHistory.RETENTION, history.clock());
    }

    /** All but the mark of a generation. */
    private List<String> contentKeys() throws IOException {
        return history.keys().stream()
                .filter(key -> key.endsWith(".ltx") || key.endsWith(".lz4"))
                .toList();
    }

    private HistoryReport verify(Replica replica, Depth depth) throws IOException {
        return verifier(depth, State.NEWEST)
                .verify("h", replica, Optional.empty())
                .orElseThrow();
    }

    private Verifier verifier(Depth depth, State state) {
        Entropy entropy = random::nextLong;
        Restorer restorer = new Restorer(disk, history.clock(), entropy, Executors::newFixedThreadPool);
        return new Verifier(
                new VerifyOptions(depth, state, IntegrityCheck.NONE, Optional.empty()),
                new ScratchRestore(restorer, disk, Path.of("/scratch"), entropy),
                history.clock(),
                entropy,
                (_, _) -> {});
    }
}
