package dev.runnel.cli.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.runnel.cli.metrics.Exposition.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that every program has under the same names; those of the memory are left out where there is no {@code /proc}. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;

    private ProcessMetrics() {}

    static void addTo(Exposition page) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            page.family("process_cpu_seconds_total", Kind.COUNTER, "Processor time of this process.")
                    .sample(system.getProcessCpuTime() / NANOS);
            page.family("process_open_fds", Kind.GAUGE, "Open file descriptors.")
                    .sample(system.getOpenFileDescriptorCount());
            page.family("process_max_fds", Kind.GAUGE, "Most file descriptors that may be open.")
                    .sample(system.getMaxFileDescriptorCount());
        }
        page.family("process_start_time_seconds", Kind.GAUGE, "When this process was started, since 1970.")
                .sample(ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS);
        long resident = residentBytes();
        if (resident > 0) {
            page.family("process_resident_memory_bytes", Kind.GAUGE, "Memory of this process.")
                    .sample(resident);
        }
        page.family("jvm_memory_heap_used_bytes", Kind.GAUGE, "Used part of the Java heap.")
                .sample(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        page.family("jvm_threads", Kind.GAUGE, "Platform threads.")
                .sample(ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long residentBytes() {
        try {
            Matcher found = RESIDENT.matcher(Files.readString(STATUS));
            return found.find() ? Long.parseLong(found.group(1)) << 10 : 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
