package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.restore.RestoreOptions.ExistingOutput;
import dev.runnel.store.MemoryStore;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestorerTest {
    private static final Path OUTPUT = Path.of("/data/app.db");
    private static final RestoreTarget LATEST = new RestoreTarget.Latest();

    private final Thread caller = Thread.currentThread();
    private final CrashDisk disk = new CrashDisk(Clock.system());
    private final MemoryStore store = new MemoryStore(Clock.system());
    private final Replica replica = Restores.replica(store);
    private final ModelHistory history = new ModelHistory(store, new PageSize(512), ModelHistory.Proofs.WITH);

    @BeforeEach
    void threeTransactions() throws IOException {
        history.baseline(history.change(9, Map.of(1, page(1), 4, page(4))));
        history.ship(history.change(7, Map.of(2, page(2), 7, page(7))));
        history.ship(history.change(12, Map.of(4, page(5), 12, page(12))));
    }

    @Test
    void theReportSaysWhatCameOutAndWhatProvesIt() throws IOException {
        RestoreReport report = restore(RestoreOptions.DEFAULT);

        assertThat(disk.bytes(OUTPUT)).isEqualTo(history.imageAt(new Txid(3)));
        RestoredImage image = report.image();
        assertThat(image.plan().reached()).isEqualTo(new Txid(3));
        assertThat(image.plan().time()).isEqualTo(ModelHistory.timeOf(new Txid(3)));
        assertThat(image.pageCount()).isEqualTo(12);
        assertThat(image.size()).isEqualTo(12 * 512);
        assertThat(image.checksum()).isEqualTo(history.checksumAt(new Txid(3)));
        assertThat(image.provenBy()).isEqualTo(ProvenBy.DATABASE_CHECKSUM);
        assertThat(image.damaged()).isEmpty();
        assertThat(report.fetched()).isPositive();
        assertThat(report.duration()).isGreaterThan(Duration.ZERO);
        assertThat(disk.names()).containsExactly(OUTPUT);
    }

    /** Whatever the power loss leaves of what was not synced, and wherever it comes. */
    @Test
    void i29TheNameComesLastAndOnlyAfterASync() throws IOException {
        for (long operation = 1; ; operation++) {
            CrashDisk failing = new CrashDisk(Clock.system());
            failing.failFrom(operation, Fault.POWER_LOSS);
            Optional<IOException> fault = fault(failing);
            failing.crash(operation);
            if (failing.names().contains(OUTPUT)) {
                assertThat(failing.bytes(OUTPUT)).as("operation %d", operation).isEqualTo(history.imageAt(new Txid(3)));
            }
            if (fault.isEmpty()) {
                assertThat(failing.names()).contains(OUTPUT);
                assertThat(operation).as("operations that failed").isGreaterThan(10);
                return;
            }
        }
    }

    @Test
    void untilThenItHasANameOfItsOwn() throws IOException {
        List<Path> names = Collections.synchronizedList(new ArrayList<>());

        restore(RestoreOptions.DEFAULT.withProgress((_, _) -> names.addAll(disk.names())));

        assertThat(names)
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name.toString()).matches("/data/app\\.db\\.[0-9a-f]{16}\\.tmp.*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"app.db", "app.db-wal", "app.db-shm", "app.db-journal"})
    void i29WhatIsThereAlreadyIsRefusedAndNotTouched(String name) throws IOException {
        Path there = OUTPUT.resolveSibling(name);
        disk.put(there, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> restore(RestoreOptions.DEFAULT))
                .isInstanceOf(RestoreException.OutputExists.class)
                .hasMessage(there + " exists already");

        assertThat(disk.names()).containsExactly(there);
        assertThat(disk.bytes(there)).containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void aFolderIsNeverReplaced(ExistingOutput existing) throws IOException {
        disk.createFolders(OUTPUT);

        assertThatThrownBy(() -> restore(RestoreOptions.DEFAULT.withExisting(existing)))
                .isInstanceOf(RestoreException.OutputIsFolder.class);
    }

    @Test
    void i29ADatabaseThatAppearsMeanwhileIsNotHarmedAndTheRestoredOneIsKept() throws IOException {
        RestoreProgress intruder = (_, _) -> disk.put(OUTPUT, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> restore(RestoreOptions.DEFAULT.withProgress(intruder)))
                .isInstanceOfSatisfying(
                        RestoreException.OutputExists.class,
                        e -> assertThat(e.nextStep()).contains(temp().toString()));

        assertThat(disk.bytes(OUTPUT)).containsExactly(1, 2, 3);
        assertThat(disk.bytes(temp())).isEqualTo(history.imageAt(new Txid(3)));
    }

    @Test
    void i29AFaultAtAnyStepLeavesNothingUnderTheNameButTheWholeDatabase() throws IOException {
        for (long step = 1; ; step++) {
            CrashDisk faulty = new CrashDisk(Clock.system());
            faulty.failAt(step, Fault.INPUT_OUTPUT_ERROR);
            Optional<IOException> fault = fault(faulty);
            if (faulty.names().contains(OUTPUT)) {
                assertThat(fault).as("step %d", step).isEmpty();
                assertThat(faulty.bytes(OUTPUT)).as("step %d", step).isEqualTo(history.imageAt(new Txid(3)));
            } else {
                checkAfterFault(faulty, fault.orElseThrow());
            }
            if (faulty.operations() < step) {
                assertThat(step).as("steps that failed").isGreaterThan(10);
                return;
            }
        }
    }

    private static void checkAfterFault(CrashDisk faulty, IOException fault) {
        assertThat(fault).isInstanceOf(RestoreException.class).hasStackTraceContaining("Input/output error");
        List<Path> left = faulty.names().stream()
                .filter(name -> name.toString().endsWith(".tmp"))
                .toList();
        switch (fault) {
            case RestoreException.NotPublished e ->
                assertThat(e).hasMessageContaining(left.getFirst().toString());
            default -> assertThat(left).isEmpty();
        }
    }

    private Optional<IOException> fault(CrashDisk faulty) {
        try {
            Restores.restorer(faulty).restore(replica, LATEST, OUTPUT, RestoreOptions.DEFAULT.withParallelism(1));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        }
    }

    @Test
    void aReplicaThatCannotBeRestoredLeavesNoTrace() throws IOException {
        assertThatThrownBy(() -> Restores.restorer(disk)
                        .restore(replica, new RestoreTarget.AtTxid(new Txid(9)), OUTPUT, RestoreOptions.DEFAULT))
                .isInstanceOf(ReplicaException.NotReachable.class);

        assertThat(disk.names()).isEmpty();
        assertThat(disk.stat(Path.of("/data"))).isEmpty();
    }

    @Test
    void progressNamesWhatIsFetchedAndEndsWithAll() throws IOException {
        List<Long> fetched = Collections.synchronizedList(new ArrayList<>());

        RestoreReport report = restore(RestoreOptions.DEFAULT.withProgress((bytes, _) -> fetched.add(bytes)));

        assertThat(fetched).first().isEqualTo(0L);
        assertThat(fetched).last().isEqualTo(report.fetched());
    }

    @Test
    void i20AFileThatVanishesBecauseItWasMergedIsLookedForElsewhere() throws IOException {
        Mutations mutated = new Mutations(store);
        mutated.beforeOpen("ltx/0/0000000000000002-0000000000000002.ltx", () -> {
            history.put(1, new TxidRange(new Txid(2), new Txid(3)));
            store.delete(List.of(
                    "ltx/0/0000000000000002-0000000000000002.ltx", "ltx/0/0000000000000003-0000000000000003.ltx"));
        });

        RestoreReport report =
                Restores.restorer(disk).restore(Restores.replica(mutated), LATEST, OUTPUT, RestoreOptions.DEFAULT);

        assertThat(disk.bytes(OUTPUT)).isEqualTo(history.imageAt(new Txid(3)));
        assertThat(report.image().plan().files()).hasSize(2);
        assertThat(disk.names()).containsExactly(OUTPUT);
    }

    @Test
    void i20AReplicaWhoseFilesAreListedAndNeverThereIsGivenUp() throws IOException {
        Mutations mutated = new Mutations(store);
        mutated.listButDoNotHave("ltx/0/0000000000000002-0000000000000002.ltx");

        assertThatThrownBy(() -> Restores.restorer(disk)
                        .restore(Restores.replica(mutated), LATEST, OUTPUT, RestoreOptions.DEFAULT))
                .isInstanceOf(ReplicaException.Vanished.class)
                .hasMessageContaining("0000000000000002-0000000000000002.ltx");
    }

    @Test
    void i20ADamagedFileIsGoneAroundWhereAnotherHoldsTheSame() throws IOException {
        history.put(1, new TxidRange(new Txid(2), new Txid(3)));
        Mutations mutated = new Mutations(store);
        mutated.flip("ltx/1/0000000000000002-0000000000000003.ltx", 120, 3);

        RestoreReport report =
                Restores.restorer(disk).restore(Restores.replica(mutated), LATEST, OUTPUT, RestoreOptions.DEFAULT);

        assertThat(disk.bytes(OUTPUT)).isEqualTo(history.imageAt(new Txid(3)));
        assertThat(report.image().damaged()).containsExactly("ltx/1/0000000000000002-0000000000000003.ltx");
        assertThat(report.image().plan().files()).hasSize(3);
    }

    @Test
    void filesThatDoNotBelongTogetherAreFoundOutAndWhatTheyGiveIsKept() throws IOException {
        ModelHistory foreign = new ModelHistory(store, new PageSize(512), ModelHistory.Proofs.WITH);
        foreign.change(9, Map.of(1, page(1), 4, page(4), 9, page(99)));
        foreign.change(7, Map.of(3, page(33)));
        foreign.ship(foreign.newest());

        assertThatThrownBy(() -> restore(RestoreOptions.DEFAULT))
                .isInstanceOf(ReplicaException.Damaged.class)
                .hasMessageContaining("memory/ltx/0/0000000000000003-0000000000000003.ltx")
                .hasMessageContaining("do not give the database whose checksum it carries")
                .hasMessageEndingWith("the result is kept as " + temp());

        assertThat(disk.names()).containsExactly(temp());
    }

    @Test
    void anInterruptEndsARestoreWithoutATrace() {
        RestoreProgress interrupting = (_, _) -> caller.interrupt();

        assertThatThrownBy(() -> restore(RestoreOptions.DEFAULT.withProgress(interrupting)))
                .isInstanceOf(InterruptedIOException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(disk.names()).isEmpty();
    }

    private RestoreReport restore(RestoreOptions options) throws IOException {
        return Restores.restorer(disk).restore(replica, LATEST, OUTPUT, options);
    }

    private Path temp() {
        List<Path> temps = disk.names().stream()
                .filter(name -> name.toString().endsWith(".tmp"))
                .collect(Collectors.toList());
        assertThat(temps).hasSize(1);
        return temps.getFirst();
    }

    private static byte[] page(int seed) {
        byte[] page = new byte[512];
        new Random(seed).nextBytes(page);
        return page;
    }
}
