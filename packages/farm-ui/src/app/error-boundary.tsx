import { Component, type ComponentChildren } from "preact";
import { ErrorNote } from "../kit/error-note.tsx";

interface Props {
  /** Another value tries again: the address. */
  readonly resetKey: string;
  readonly children: ComponentChildren;
}

/** Catches what a page throws while it draws: the rest of the screen stays, and the reader is told what was kept. */
export class ErrorBoundary extends Component<Props, { readonly error: unknown }> {
  override state = { error: undefined as unknown };

  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error !== undefined) this.setState({ error: undefined });
  }

  override render() {
    if (this.state.error === undefined) return this.props.children;
    return (
      <ErrorNote
        error={this.state.error}
        title="This page could not be drawn"
        kept="Nothing on the farm has changed: it goes on without the page."
        onRetry={() => this.setState({ error: undefined })}
      />
    );
  }
}
