package dev.runnel.ledger;

import java.io.IOException;

/** Receives page numbers. */
@FunctionalInterface
public interface PageNumberSink {
    void page(int number) throws IOException;
}
