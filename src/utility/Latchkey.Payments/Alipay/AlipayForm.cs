using System.Text;

namespace Latchkey.Payments.Alipay;

/// <summary>The parameters of an Alipay notification: a form, decoded once. Total on any input.</summary>
public sealed class AlipayForm
{
    private const int MaxParameters = 100;
    private readonly SortedDictionary<string, string> _values;

    private AlipayForm(SortedDictionary<string, string> values) => _values = values;

    /// <summary>
    /// What Alipay signed: every parameter that is not empty but <c>sign</c> and <c>sign_type</c>, decoded, sorted by name, as <c>k=v</c>
    /// joined by <c>&amp;</c>.
    /// </summary>
    /// <remarks>Source: Alipay open platform, verification of asynchronous notifications.</remarks>
    public string SignedText => string.Join('&', _values
        .Where(v => v.Key is not ("sign" or "sign_type") && v.Value.Length > 0)
        .Select(v => $"{v.Key}={v.Value}"));

    /// <summary>A parameter, or an empty text.</summary>
    public string this[string name] => _values.GetValueOrDefault(name, string.Empty);

    /// <summary>Null when the body is no form in UTF-8, or names a parameter twice: which of the two was signed could not be told.</summary>
    public static AlipayForm? TryParse(ReadOnlySpan<byte> body)
    {
        if (body.Length is 0 or > Providers.NotificationRequest.MaxBodyBytes || !System.Text.Unicode.Utf8.IsValid(body)) return null;
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in Encoding.UTF8.GetString(body).Split('&'))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || values.Count >= MaxParameters) return null;
            if (!values.TryAdd(Decode(part[..equals]), Decode(part[(equals + 1)..]))) return null;
        }

        return new AlipayForm(values);
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
