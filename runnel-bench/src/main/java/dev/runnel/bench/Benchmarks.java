package dev.runnel.bench;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs the benchmarks, with JMH's own command line, and prints what they come to in MB/s. */
public final class Benchmarks {
    private Benchmarks() {}

    public static void main(String[] args) throws Exception {
        Collection<RunResult> results = new Runner(new CommandLineOptions(args)).run();
        System.out.printf("%n%-40s %10s %12s%n", "benchmark", "page size", "MB/s");
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark();
            String pageSize = result.getParams().getParam("pageSize");
            boolean onePage = name.contains(ChecksumBenchmark.class.getSimpleName());
            long bytes = onePage ? Long.parseLong(pageSize) : LtxBenchmark.IMAGE_SIZE;
            double perUnit = result.getPrimaryResult().getScore();
            double micros = onePage ? perUnit / 1e3 : perUnit * 1e3;
            System.out.printf(
                    "%-40s %10s %12.0f%n", name.substring(name.lastIndexOf("bench.") + 6), pageSize, bytes / micros);
        }
    }
}
