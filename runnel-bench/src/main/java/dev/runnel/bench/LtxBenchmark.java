package dev.runnel.bench;

import dev.runnel.ltx.LtxDecoder;
import dev.runnel.ltx.LtxEncoder;
import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.LtxSummary;
import dev.runnel.ltx.LtxWriter;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.ParallelLtxEncoder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A snapshot of 64 MiB, written and read in memory; an operation is the whole of it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LtxBenchmark {
    static final int IMAGE_SIZE = 64 << 20;

    @Param({"512", "4096", "65536"})
    private int pageSize;

    private Pages pages = new Pages(new PageSize(512), 1);
    private LtxHeader header = pages.header();
    private byte[] file = new byte[0];
    private ExecutorService executor = Executors.newFixedThreadPool(1);
    private int threads;

    @Setup
    public void prepare() throws IOException {
        executor.close();
        threads = Runtime.getRuntime().availableProcessors();
        executor = Executors.newFixedThreadPool(threads);
        pages = new Pages(new PageSize(pageSize), IMAGE_SIZE / pageSize);
        header = pages.header();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        encode(new LtxEncoder(out, header, Pages.noScratch()));
        file = out.toByteArray();
    }

    @TearDown
    public void stop() {
        executor.close();
    }

    @Benchmark
    public LtxSummary encode() throws IOException {
        return encode(new LtxEncoder(OutputStream.nullOutputStream(), header, Pages.noScratch()));
    }

    @Benchmark
    public LtxSummary encodeInParallel() throws IOException {
        return encode(new ParallelLtxEncoder(
                OutputStream.nullOutputStream(), header, Pages.noScratch(), executor, 2 * threads));
    }

    @Benchmark
    public void decode(Blackhole sink) throws IOException {
        LtxDecoder.open("benchmark", new ByteArrayInputStream(file))
                .readTo((number, data, offset) -> sink.consume(data[offset]));
    }

    private LtxSummary encode(LtxWriter writer) throws IOException {
        try (writer) {
            for (int number = 1; number <= pages.count; number++) {
                writer.page(number, pages.bytes, pages.offset(number));
            }
            return writer.finish();
        }
    }
}
