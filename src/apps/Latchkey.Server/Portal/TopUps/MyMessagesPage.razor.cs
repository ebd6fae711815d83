using Latchkey.Server.Portal.Messages;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>The messages that one tenant got.</summary>
public sealed partial class MyMessagesPage
{
    private const int MostMessages = 50;
    private IReadOnlyList<MessageLine>? _messages;

    [Inject] private IMessageView Messages { get; set; } = null!;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<MessageLine> messages = await Messages.ListAsync(TenantId, MostMessages, cancellationToken);
        if (_messages is not null && _messages.SequenceEqual(messages)) return false;
        _messages = messages;
        return true;
    }
}
