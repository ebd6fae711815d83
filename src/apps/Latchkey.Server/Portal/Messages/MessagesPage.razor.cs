using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Messages;

/// <summary>Every message that left the house, or should have.</summary>
public sealed partial class MessagesPage
{
    private const int MostMessages = 200;
    private IReadOnlyList<MessageLine>? _messages;

    [Inject] private IMessageView Messages { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageLine> messages = await Messages.ListAsync(null, MostMessages, cancellationToken);
        if (_messages is not null && _messages.SequenceEqual(messages)) return false;
        _messages = messages;
        return true;
    }
}
