package dev.runnel.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.cli.CommandException;
import dev.runnel.cli.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LoggingTest {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void writesWhatIsLoggedAtTheLevelAndAbove() {
        Logging.start(new LogConfig(LogConfig.Level.WARNING, LogConfig.Format.TEXT, LogConfig.Stream.STDOUT), out);
        LOG.info("not this");
        LOG.atWarn().addKeyValue("db", "/data/app.db").log("this {}", 1);
        assertThat(text()).matches("time=\\S+ level=WARN msg=\"this 1\" db=/data/app.db\n");
    }

    @Test
    void aRecordHasTheFieldsOfItsDatabaseAndReplica() {
        Logging.start(new LogConfig(LogConfig.Level.INFO, LogConfig.Format.JSON, LogConfig.Stream.STDOUT), out);
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
        Logging.start(LogConfig.DEFAULT, out);
        LOG.error("cannot go on", new CommandException("it is broken", "mend it"));
        assertThat(text()).endsWith(" level=ERROR msg=\"cannot go on\" error=\"it is broken\" hint=\"mend it\"\n");
    }

    @Test
    void aFaultHasItsStack() {
        Logging.start(LogConfig.DEFAULT, out);
        LOG.error("cannot go on", new IllegalStateException("impossible"));
        assertThat(text()).contains("error=impossible stack=\"java.lang.IllegalStateException: impossible\\n");
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
