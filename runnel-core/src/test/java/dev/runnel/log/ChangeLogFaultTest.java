package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.runnel.log.ModelChangeSets.State;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.platform.FileInfo;
import dev.runnel.testkit.CrashDisk;
import dev.runnel.testkit.CrashDisk.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every operation of the disk fails once, or from then on; the log stays what it was and goes on when the disk is well. */
final class ChangeLogFaultTest {
    private static final Path FOLDER = Path.of("/meta/log");
    private static final LogLimits LIMITS = new LogLimits(1 << 20);
    private static final int SEED = 7;

    private CrashDisk disk = new CrashDisk(Clock.system());
    private ModelChangeSets model = new ModelChangeSets(new PageSize(512), 20, new Random(SEED));

    @BeforeEach
    void restart() {
        disk = new CrashDisk(Clock.system());
        model = new ModelChangeSets(new PageSize(512), 20, new Random(SEED));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"INPUT_OUTPUT_ERROR", "DISK_FULL"})
    void anAppendThatFailsLeavesTheLogAsItWas(Fault fault) throws IOException {
        int failures = 0;
        for (int n = 1; n <= 2 * 10; n++) {
            restart();
            ChangeLog log = openWith(3);
            long size = log.size();
            State next = model.change();
            disk.failAt(n, fault);
            Throwable failure = catchThrowable(() -> append(log, next));
            disk.heal();
            if (failure == null) {
                assertThat(log.newest()).get().returns(next.txid(), LogFile::txid);
                continue;
            }
            failures++;
            assertThat(failure).isInstanceOf(IOException.class).hasMessage(message(fault));
            assertThat(log.newest()).get().returns(new Txid(3), LogFile::txid);
            assertThat(log.size()).isEqualTo(size);
            assertThat(disk.list(FOLDER)).hasSize(3);
            append(log, next);
            assertThat(reopened().newest()).get().returns(next.txid(), LogFile::txid);
        }
        assertThat(failures).isGreaterThanOrEqualTo(fault == Fault.DISK_FULL ? 3 : 6);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"INPUT_OUTPUT_ERROR", "DISK_FULL"})
    void aDiskThatGoesOnFailingIsFineOnceItIsWell(Fault fault) throws IOException {
        boolean clean = false;
        for (int n = 1; !clean; n++) {
            restart();
            ChangeLog log = openWith(3);
            State first = model.change();
            disk.failFrom(n, fault);
            clean = catchThrowable(() -> append(log, first)) == null;
            State second = clean ? model.change() : first;
            assertThat(catchThrowable(() -> append(log, second))).hasMessage(message(fault));
            disk.heal();
            model.forgetAfter(log.newest().orElseThrow().txid());
            State again = model.change();
            append(log, again);
            again.assertIsIn(reopened().newest().orElseThrow());
        }
    }

    @Test
    void i19ATrimThatFailsLeavesAnUnbrokenRun() throws IOException {
        boolean done = false;
        long oldest = 1;
        for (int n = 1; !done; n++) {
            restart();
            ChangeLog log = openWith(5);
            disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
            done = catchThrowable(() -> log.trim(new Txid(4), new Txid(4))) == null;
            disk.heal();
            long found = log.after(Txid.NONE, 1000).getFirst().txid().value();
            assertThat(found).isBetween(done ? 5 : oldest, 5L);
            oldest = found;
            assertThat(reopened().dropped()).isEmpty();
            assertThat(reopened().size()).isEqualTo(log.size());
        }
    }

    @Test
    void openingPassesErrorsOfTheDiskOnAndDropsNothingForThem() throws IOException {
        boolean clean = false;
        for (int n = 1; !clean; n++) {
            restart();
            openWith(4);
            disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
            Throwable failure = catchThrowable(() -> ChangeLog.open(disk, FOLDER, LIMITS));
            disk.heal();
            clean = failure == null;
            if (!clean) {
                assertThat(failure).hasMessage("Input/output error");
            }
            assertThat(reopened().after(Txid.NONE, 1000)).hasSize(4);
        }
    }

    @Test
    void readingPassesErrorsOfTheDiskOn() throws IOException {
        ChangeLog log = openWith(2);
        LogFile file = log.newest().orElseThrow();
        for (int n = 1; n <= 2; n++) {
            disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
            assertThatThrownBy(() -> file.ltx().writeTo(new ByteArrayOutputStream()))
                    .hasMessage("Input/output error");
            disk.failAt(n, Fault.INPUT_OUTPUT_ERROR);
            assertThatThrownBy(() -> model.newest().assertIsIn(file)).hasMessage("Input/output error");
        }
        disk.heal();
        model.newest().assertIsIn(file);
    }

    @Test
    void anotherWriterIsNoticedAndItsFileIsLeftAlone() throws IOException {
        ChangeLog log = openWith(2);
        State next = model.change();
        append(ChangeLog.open(disk, FOLDER, LIMITS), next);
        assertThatThrownBy(() -> append(log, next)).isInstanceOf(LogException.Taken.class);
        assertThat(disk.list(FOLDER)).extracting(FileInfo::name).hasSize(3).noneMatch(name -> name.endsWith(".tmp"));
        assertThat(reopened().newest().map(LogFile::txid)).isEqualTo(Optional.of(next.txid()));
    }

    @Test
    void aLoneCommitIsOneWriteOneSyncOfTheFileAndOneOfTheFolder() throws IOException {
        ChangeLog log = openWith(1);
        State next = model.change();
        long before = disk.operations();
        append(log, next);
        assertThat(disk.operations() - before)
                .as("create, write, sync, link, unlink, sync of the folder")
                .isEqualTo(6);
    }

    private ChangeLog openWith(int changes) throws IOException {
        ChangeLog log = ChangeLog.open(disk, FOLDER, LIMITS);
        for (int i = 0; i < changes; i++) {
            append(log, model.change());
        }
        return log;
    }

    private ChangeLog reopened() throws IOException {
        return ChangeLog.open(disk, FOLDER, LIMITS);
    }

    private static void append(ChangeLog log, State state) throws IOException {
        log.append(state.header(), state::writeTo, state.position());
    }

    private static String message(Fault fault) {
        return fault == Fault.DISK_FULL ? "No space left on device" : "Input/output error";
    }
}
