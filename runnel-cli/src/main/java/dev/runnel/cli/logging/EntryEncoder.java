package dev.runnel.cli.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.runnel.cli.config.LogConfig;
import dev.runnel.cli.logging.LogEntry.Attribute;
import dev.runnel.cli.logging.LogEntry.Source;
import dev.runnel.platform.RunnelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.KeyValuePair;

/** Writes the events of the logging library in one of our layouts. */
final class EntryEncoder extends EncoderBase<ILoggingEvent> {
    private static final List<String> FIELDS = List.of("db", "replica");

    private final LogLayout layout;
    private final LogConfig.Source source;

    EntryEncoder(LogLayout layout, LogConfig.Source source) {
        this.layout = layout;
        this.source = source;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        List<Attribute> attributes = new ArrayList<>();
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                attributes.add(new Attribute(pair.key, pair.value == null ? "" : pair.value));
            }
        }
        addFields(attributes, event.getMDCPropertyMap());
        if (event.getThrowableProxy() != null) {
            addError(attributes, event.getThrowableProxy());
        }
        LogEntry entry = new LogEntry(
                event.getInstant(),
                event.getLevel().toString(),
                source(event),
                event.getFormattedMessage(),
                attributes);
        return layout.line(entry).getBytes(StandardCharsets.UTF_8);
    }

    private Optional<Source> source(ILoggingEvent event) {
        return switch (source) {
            case HIDDEN -> Optional.empty();
            case SHOWN -> Arrays.stream(event.getCallerData()).findFirst().map(Source::of);
        };
    }

    /** What a record is about, unless the record says so itself. */
    private static void addFields(List<Attribute> attributes, Map<String, String> fields) {
        for (String name : FIELDS) {
            String value = fields.get(name);
            if (value != null
                    && attributes.stream().noneMatch(given -> given.name().equals(name))) {
                attributes.add(new Attribute(name, value));
            }
        }
    }

    /** An error that users can meet says enough by itself; any other is a fault of ours, and needs its stack. */
    private static void addError(List<Attribute> attributes, IThrowableProxy proxy) {
        attributes.add(new Attribute("error", String.valueOf(proxy.getMessage())));
        Throwable error = proxy instanceof ThrowableProxy local ? local.getThrowable() : null;
        if (error instanceof RunnelException known && !known.nextStep().isEmpty()) {
            attributes.add(new Attribute("hint", known.nextStep()));
        }
        if (!(error instanceof IOException)) {
            attributes.add(new Attribute("stack", ThrowableProxyUtil.asString(proxy)));
        }
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
