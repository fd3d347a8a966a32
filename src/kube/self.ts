import type { KubeClient } from './client.ts';

/** Whom the API server takes us for: `authentication.k8s.io/v1.UserInfo`. */
export interface UserInfo {
  /** e.g. `system:serviceaccount:namespace:name`. */
  readonly username: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** Asks the API server who we are. Every authenticated user may. */
export async function whoAmI(client: KubeClient, signal?: AbortSignal): Promise<UserInfo> {
  const review = await client.request<{ readonly status?: { readonly userInfo?: UserInfo } }>({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
    signal,
  });
  return review.status?.userInfo ?? { username: '' };
}
