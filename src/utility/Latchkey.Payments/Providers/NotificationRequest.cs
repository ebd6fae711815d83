namespace Latchkey.Payments.Providers;

/// <summary>A notification as it came in: header fields and raw bytes, nothing of it believed.</summary>
public sealed class NotificationRequest
{
    /// <summary>Longer bodies are refused before anything else is done with them.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    public NotificationRequest(IEnumerable<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        // A field given twice is joined, as HTTP says; a doubled signature field then verifies as nothing.
        foreach ((string name, string value) in headers)
            _headers[name] = _headers.TryGetValue(name, out string? first) ? $"{first},{value}" : value;
        Body = body;
    }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The field's value, or an empty text.</summary>
    public string Header(string name) => _headers.GetValueOrDefault(name, string.Empty);

    /// <summary>Says nothing of the content: notifications carry personal data.</summary>
    public override string ToString() => $"notification of {Body.Length} bytes";
}

/// <summary>What is answered to the provider.</summary>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="ContentType">Null when there is no body.</param>
/// <param name="Body">The body, or null.</param>
public sealed record NotificationReply(int StatusCode, string? ContentType = null, string? Body = null);
