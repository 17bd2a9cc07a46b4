package dev.runnel.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.CommandException;
import dev.runnel.cli.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LogOutput output =
            new LogOutput(new PrintStream(out, true, StandardCharsets.UTF_8), LogOutput.Colours.NONE);

    @Test
    void writesWhatIsLoggedAtTheLevelAndAbove() {
        Logging.start(config(LogConfig.Level.WARNING, LogConfig.Format.TEXT, LogConfig.Source.HIDDEN), output);
        LOG.info("not this");
        LOG.atWarn().addKeyValue("db", "/data/app.db").log("this {}", 1);
        assertThat(text()).matches("time=\\S+ level=WARN msg=\"this 1\" db=/data/app.db\n");
    }

    @Test
    void aRecordHasTheFieldsOfItsDatabaseAndReplica() {
        Logging.start(config(LogConfig.Level.INFO, LogConfig.Format.JSON, LogConfig.Source.HIDDEN), output);
        try (MDC.MDCCloseable _ = MDC.putCloseable("replica", "/backup");
                MDC.MDCCloseable _ = MDC.putCloseable("db", "/data/app.db")) {
            LOG.info("with both");
            LOG.atInfo().addKeyValue("db", "/data/own.db").log("with its own");
        }
        LOG.info("without");
        assertThat(text())
                .contains("\"msg\":\"with both\",\"db\":\"/data/app.db\",\"replica\":\"/backup\"}\n")
                .contains("\"msg\":\"with its own\",\"db\":\"/data/own.db\",\"replica\":\"/backup\"}\n")
                .endsWith("\"msg\":\"without\"}\n");
    }

    @Test
    void anErrorOfOursHasItsNextStepAndNoStack() {
        Logging.start(LogConfig.DEFAULT, output);
        LOG.error("cannot go on", new CommandException("it is broken", "mend it"));
        assertThat(text()).endsWith(" level=ERROR msg=\"cannot go on\" error=\"it is broken\" hint=\"mend it\"\n");
    }

    @Test
    void aFaultHasItsStack() {
        Logging.start(LogConfig.DEFAULT, output);
        LOG.error("cannot go on", new IllegalStateException("impossible"));
        assertThat(text()).contains("error=impossible stack=\"java.lang.IllegalStateException: impossible\\n");
    }

    @Test
    void theSourceIsTheLineThatLogs() {
        Logging.start(config(LogConfig.Level.INFO, LogConfig.Format.TEXT, LogConfig.Source.SHOWN), output);
        LOG.info("plain");
        LOG.atInfo().addKeyValue("db", "/data/app.db").log("with a field");
        new CommandLog(config(LogConfig.Level.INFO, LogConfig.Format.TEXT, LogConfig.Source.SHOWN), output)
                .info("of a command");
        assertThat(text().lines())
                .hasSize(3)
                .allMatch(line -> line.matches(".* level=INFO source=LoggingTest\\.java:[1-9][0-9]* msg=.*"));
    }

    private static LogConfig config(LogConfig.Level level, LogConfig.Format format, LogConfig.Source source) {
        return new LogConfig(level, format, LogConfig.Stream.STDOUT, source);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
