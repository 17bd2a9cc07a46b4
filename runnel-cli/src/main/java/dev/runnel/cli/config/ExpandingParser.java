package dev.runnel.cli.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.parser.Parser;

/**
 * Expands environment variables in keys and values after YAML has been read, so that no character of a variable's value can
 * change what the file says: a password may contain {@code #}, {@code !}, {@code *} or a quote.
 */
final class ExpandingParser implements Parser {
    private final Parser parser;
    private final EnvironmentExpansion variables;
    private final Findings findings;
    private Optional<Event> next = Optional.empty();

    ExpandingParser(Parser parser, EnvironmentExpansion variables, Findings findings) {
        this.parser = parser;
        this.variables = variables;
        this.findings = findings;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        if (next.isEmpty()) {
            next = Optional.of(expanded(parser.peekEvent()));
        }
        return next.get();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = peekEvent();
        parser.next();
        next = Optional.empty();
        return event;
    }

    private Event expanded(Event event) {
        if (!(event instanceof ScalarEvent scalar)) {
            return event;
        }
        String written = EnvironmentExpansion.withBraces(scalar.getValue());
        String value = variables.expand(written);
        if (value.equals(scalar.getValue())) {
            return event;
        }
        scalar.getStartMark().ifPresent(mark -> findings.expanded(mark, written));
        return new ScalarEvent(
                scalar.getAnchor(),
                scalar.getTag(),
                scalar.getImplicit(),
                value,
                scalar.getScalarStyle(),
                scalar.getStartMark(),
                scalar.getEndMark());
    }
}
