package dev.runnel.bench;

import dev.runnel.ltx.Checksums;
import dev.runnel.ltx.Crc64;
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

/** What is computed of one page: its checksum, also as part of the database, and the CRC of files. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ChecksumBenchmark {
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

    @Benchmark
    public long databaseChecksum() {
        return Checksums.with(Checksums.EMPTY, 7, Checksums.page(7, page, 0, pageSize));
    }

    @Benchmark
    public long crc64() {
        return Crc64.update(0, page, 0, pageSize);
    }
}
