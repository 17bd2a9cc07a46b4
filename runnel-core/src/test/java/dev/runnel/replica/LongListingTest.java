package dev.runnel.replica;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.Scratch;
import dev.runnel.platform.Disk;
import dev.runnel.replica.generations.GenerationKeys;
import dev.runnel.replica.generations.GenerationsHistory;
import dev.runnel.replica.ltx.BaselineEncoding;
import dev.runnel.replica.ltx.LtxKeys;
import dev.runnel.replica.ltx.LtxReplica;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.process.Child;
import dev.runnel.testkit.process.JavaProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans are made from long listings with a heap of 64 MiB. {@code -Drunnel.objects=N} sets how long. */
@Tag("slow")
class LongListingTest {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final String USUAL_OBJECTS = "120000";
    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"ltx", "generations"})
    void i48APlanFromALongListingIsMadeWithAHeapOf64Mebibytes(String layout) {
        String objects = System.getProperty("runnel.objects", USUAL_OBJECTS);
        try (Child child = Child.start(
                JavaProgram.of(LongListingTest.class.getName())
                        .with("-Xmx64m", "-XX:+UseSerialGC")
                        .command(layout, objects),
                Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isZero();
            assertThat(child.transcript()).contains("the plan has " + objects + " files");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ltx", "generations"})
    void i48AListingThatDoesNotFitInTheHeapIsAnErrorThatSaysWhatToDo(String layout) {
        try (Child child = Child.start(
                JavaProgram.of(LongListingTest.class.getName())
                        .with("-Xmx64m", "-XX:+UseSerialGC")
                        .command(layout, "1000000"),
                Map.of())) {
            assertThat(child.awaitExit(LIMIT)).as(child.transcript()).isNotZero();
            assertThat(child.transcript())
                    .contains("TooManyObjects", "objects, for which the heap of")
                    .doesNotContain("OutOfMemoryError");
        }
    }

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        long objects = Long.parseLong(arguments[1]);
        Restorable replica = arguments[0].equals("ltx") ? ltx(objects) : generations(objects);
        for (RestoreTarget target :
                new RestoreTarget[] {new RestoreTarget.Latest(), new RestoreTarget.AtTime(START.plusSeconds(objects))
                }) {
            System.out.println("the plan has " + replica.plan(target).files().size() + " files");
        }
        assertThat(replica.history().chains()).hasSize(1);
    }

    private static Restorable ltx(long objects) {
        ObjectStore store = new ListedStore(
                n -> n == 1 ? "ltx/9/0000000000000001-0000000000000001.ltx" : "ltx/0/%016x-%016x.ltx".formatted(n, n),
                objects);
        BaselineEncoding unused = new BaselineEncoding(ForkJoinPool.commonPool(), 1, Scratch.none());
        return new LtxReplica(store, LtxKeys.folder(), unused);
    }

    /** One WAL for each TXID, so that a TXID stands for each. */
    private static Restorable generations(long objects) {
        ObjectStore store = new ListedStore(
                n -> "generations/00112233aabbccdd/"
                        + (n == 1 ? "snapshots/00000000.snapshot.lz4" : "wal/%08x_00000000.wal.lz4".formatted(n - 2)),
                objects);
        Scratch scratch = Scratch.at(Disk.system(), Path.of("unused"));
        return GenerationsHistory.one(store, GenerationKeys.DEFAULT, scratch, "00112233aabbccdd");
    }

    /** A store that lists objects which nobody has, a second apart. */
    private record ListedStore(LongFunction<String> keys, long objects) implements ObjectStore {
        @Override
        public Stream<ObjectInfo> list(String prefix, Optional<String> after) {
            return LongStream.rangeClosed(1, objects)
                    .mapToObj(n -> new ObjectInfo(keys.apply(n), 500 + n % 1000, START.plusSeconds(n)))
                    .filter(object -> object.key().startsWith(prefix));
        }

        @Override
        public InputStream open(String key, ByteRange range) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public Optional<ObjectInfo> stat(String key) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public ObjectInfo put(String key, Body body, PutOptions options) {
            throw new UnsupportedOperationException(key);
        }

        @Override
        public void delete(Collection<String> keys) {
            throw new UnsupportedOperationException(keys.toString());
        }

        @Override
        public String location() {
            return "listed";
        }
    }
}
