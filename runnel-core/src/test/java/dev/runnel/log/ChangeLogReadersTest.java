package dev.runnel.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.log.ModelChangeSets.State;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.testkit.CrashDisk;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** One thread appends and trims while others read: each reader sees every change set, in order and whole. */
final class ChangeLogReadersTest {
    private static final int CHANGES = 400;
    private static final int READERS = 3;

    @Test
    void readersFollowAnAppenderThatTrimsWhatTheyHaveRead() throws Exception {
        CrashDisk disk = new CrashDisk(Clock.system());
        ChangeLog log = ChangeLog.open(disk, Path.of("/meta/log"), new LogLimits(1 << 30));
        ModelChangeSets model = new ModelChangeSets(new PageSize(512), 10, new Random(1));
        List<AtomicLong> read = new ArrayList<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                AtomicLong progress = new AtomicLong();
                read.add(progress);
                readers.add(threads.submit(reader(log, progress)));
            }
            for (int i = 0; i < CHANGES; i++) {
                State next = model.change();
                log.append(next.header(), next::writeTo, next.position());
                long everywhere = read.stream().mapToLong(AtomicLong::get).min().orElseThrow();
                log.trim(new Txid(everywhere), next.txid());
            }
            for (Future<Integer> reader : readers) {
                assertThat(reader.get()).isEqualTo(CHANGES);
            }
        }
        log.trim(new Txid(CHANGES), new Txid(CHANGES));
        assertThat(log.after(Txid.NONE, 1000)).hasSize(1);
        assertThat(log.size())
                .isEqualTo(ChangeLog.open(disk, Path.of("/meta/log"), new LogLimits(1))
                        .size());
    }

    private static Callable<Integer> reader(ChangeLog log, AtomicLong progress) {
        return () -> {
            int count = 0;
            while (progress.get() < CHANGES) {
                for (LogFile file : log.after(new Txid(progress.get()), 1000)) {
                    assertThat(file.txid().value()).isEqualTo(progress.get() + 1);
                    file.ltx().writeTo(OutputStream.nullOutputStream());
                    file.readPages((number, data, offset) -> {});
                    progress.set(file.txid().value());
                    count++;
                }
                Thread.onSpinWait();
            }
            return count;
        };
    }
}
