package dev.runnel.bench;

import dev.runnel.ltx.Checksums;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The checksum of one page. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Crc64Benchmark {
    @Param({"512", "4096", "65536"})
    private int pageSize;

    private byte[] page = new byte[0];

    @Setup
    public void fill() {
        page = new byte[pageSize];
        new Random(1).nextBytes(page);
    }

    @Benchmark
    public long pageChecksum() {
        return Checksums.page(7, page, 0, pageSize);
    }
}
