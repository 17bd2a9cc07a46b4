package dev.runnel.cli.daemon;

import dev.runnel.cli.config.Redaction;
import dev.runnel.setup.DatabaseConfig;
import dev.runnel.setup.ReplicaConfig;
import dev.runnel.setup.VerificationSchedule;
import dev.runnel.verify.Finding;
import dev.runnel.verify.HistoryReport;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Says in the log how scheduled verifications end. */
final class VerificationLog implements VerificationSchedule.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(VerificationLog.class);

    /** What is wrong with one history; {@code runnel verify} says all of it. */
    private static final int MOST_FINDINGS = 3;

    @Override
    public void verified(DatabaseConfig database, ReplicaConfig replica, List<HistoryReport> reports) {
        for (HistoryReport report : reports) {
            boolean isFailure = report.verdict().isFailure();
            about(isFailure ? LOG.atError() : LOG.atInfo(), database, replica)
                    .addKeyValue("history", report.history())
                    .addKeyValue("duration", report.duration().toMillis() + "ms")
                    .log(isFailure ? "verification failed: {}" : "verified: {}", said(report));
        }
    }

    private static String said(HistoryReport report) {
        StringBuilder text = new StringBuilder(report.verdict().text());
        report.image().ifPresent(image -> text.append(", ").append(image.plan().point()));
        for (Finding finding : report.findings().stream().limit(MOST_FINDINGS).toList()) {
            text.append(". ").append(Redaction.of(finding.text()));
            if (!finding.nextStep().isEmpty()) {
                text.append(". ").append(Redaction.of(finding.nextStep()));
            }
        }
        return text.toString();
    }

    @Override
    public void notVerified(DatabaseConfig database, ReplicaConfig replica, IOException fault) {
        about(LOG.atWarn(), database, replica)
                .setCause(fault)
                .log("the replica could not be verified; it is tried again later");
    }

    private static LoggingEventBuilder about(
            LoggingEventBuilder event, DatabaseConfig database, ReplicaConfig replica) {
        return event.addKeyValue("db", database.path())
                .addKeyValue("replica", replica.location().display());
    }
}
