using System.Globalization;
using Latchkey.Server.Access;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>Holds the interface's own clients to their addresses and rates under the contract, too. A refusal says that nothing was done.</summary>
internal sealed class ElectrumGate(ClientTraffic traffic) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        if (!http.Items.TryGetValue(ClientAccess.ItemName, out object? item) || item is not ApiClient client) return await next(context);
        ElectrumTrace trace = ElectrumTrace.Of(http);
        if (!ApiGate.IsAllowedFrom(client, http.Connection.RemoteIpAddress)) return ElectrumError.NotFromHere.For(trace.Type, trace.Id, trace.OriginalId);
        if (traffic.TryEnter(client) is { } busy)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(busy.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return ElectrumError.TooMany.For(trace.Type, trace.Id, trace.OriginalId);
        }

        try
        {
            return await next(context);
        }
        finally
        {
            traffic.Leave(client);
        }
    }
}
